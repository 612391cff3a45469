namespace Quarry.Malloc;

/// <summary>The error numbers that controls return; they leave <c>errno</c> unchanged.</summary>
internal static class MallctlError
{
    internal const int None = 0;
    internal const int NotPermitted = 1;
    internal const int NotFound = 2;
    internal const int TryAgain = 11;
    internal const int Fault = 14;
    internal const int InvalidArgument = 22;
}
