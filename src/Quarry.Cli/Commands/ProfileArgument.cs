using System.CommandLine;
using Quarry.Tools;

namespace Quarry.Cli.Commands;

/// <summary>An argument that names a profile.</summary>
internal static class ProfileArgument
{
    /// <summary>Creates an argument, which may be absent for --help.</summary>
    internal static Argument<string?> Create(string name) => new(name) { Arity = ArgumentArity.ZeroOrOne };

    /// <summary>The value of an argument that must be there.</summary>
    internal static string Value(ParseResult parsed, Argument<string?> argument) =>
        parsed.GetValue(argument) ?? throw new QuarryException(
            $"{argument.Name} is missing; see 'quarry {parsed.CommandResult.Command.Name} --help'");
}
