namespace Quarry.Cli.Output;

/// <summary>How a text is shown on a terminal; the last three are colors.</summary>
internal enum TextStyle
{
    Plain,
    Bold,
    Reverse,
    Faint,
    Red,
    Green,
}
