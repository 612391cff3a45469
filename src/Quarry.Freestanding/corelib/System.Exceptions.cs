// Exceptions, so that `throw` compiles and the build can report its line.

namespace System;

public class Exception(string? message = null)
{
    public virtual string? Message => message;
}

public class SystemException(string? message = null) : Exception(message);

public class ArgumentException(string? message = null) : SystemException(message);

public class ArgumentNullException(string? paramName = null) : ArgumentException(paramName);

public class ArgumentOutOfRangeException(string? paramName = null, string? message = null)
    : ArgumentException(message ?? paramName);

public class InvalidOperationException(string? message = null) : SystemException(message);

public class NotImplementedException(string? message = null) : SystemException(message);

public class NotSupportedException(string? message = null) : SystemException(message);

public class ObjectDisposedException(string? objectName = null) : InvalidOperationException(objectName);

public class OutOfMemoryException(string? message = null) : SystemException(message);
