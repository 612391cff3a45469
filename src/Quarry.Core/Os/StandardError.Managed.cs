namespace Quarry;

/// <content>
/// On .NET, the descriptor belongs to the runtime, which writes its own fatal errors to it unchecked.
/// </content>
public static partial class StandardError
{
    private static partial bool IsStandardError() => true;
}
