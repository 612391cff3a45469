using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Linq;
using Quarry.Tools.Output;

namespace Quarry.Tools.CommandLine;

/// <summary>Options whose values are checked while they are parsed, with an error in one line.</summary>
internal static class Options
{
    internal static Option<int> Number(string name, int initial, int least, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => initial,
        CustomParser = result => Parse<int>(result, $"a whole number from {least} up", text =>
            WholeNumber(text, least)),
    };

    internal static Option<int?> OptionalNumber(string name, int least, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Parse<int>(result, $"a whole number from {least} up", text =>
            WholeNumber(text, least)),
    };

    internal static Option<long?> Bytes(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "BYTES",
        CustomParser = result => Parse<long>(result, "a size such as 4096, 64K, 512M or 2G", ByteSize.Parse),
    };

    internal static Option<TimeSpan?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result => Parse<TimeSpan>(result, "a time such as 30s, 5m or 1h", Duration.Parse),
    };

    internal static Option<bool> Switch(string name, string description) => new(name)
    {
        Description = description,
        Arity = ArgumentArity.Zero,
    };

    internal static Option<string> Text(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
    };

    private static int? WholeNumber(string text, int least) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least
            ? value
            : null;

    /// <summary>Parses the value of an option; null from the function is an error.</summary>
    internal static T Parse<T>(ArgumentResult result, string expected, Func<string, T?> parse)
        where T : struct
    {
        string text = result.Tokens.Single().Value;
        if (parse(text) is { } value)
        {
            return value;
        }

        result.AddError($"{((OptionResult)result.Parent!).Option.Name} needs {expected}, not '{text}'");
        return default;
    }
}
