using System;
using System.CommandLine;
using System.IO;
using Quarry.Cli.Commands;
using Quarry.Tools;
using Quarry.Tools.Output;

namespace Quarry.Cli;

/// <summary>The entry: parses, dispatches, and tells every failure in one line.</summary>
internal static class Program
{
    private const int Interrupted = 130;

    private static int Main(string[] words)
    {
        try
        {
            return Run(words);
        }
        catch (QuarryException e)
        {
            return Fail(e.ExitCode, e.Message);
        }
        catch (OperationCanceledException)
        {
            return Fail(Interrupted, "interrupted");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail(QuarryException.WrongInput, e.Message);
        }
    }

    private static int Run(string[] words)
    {
        RootCommand root = CommandTree.Create();
        ParserConfiguration configuration = new()
        {
            EnablePosixBundling = false,
            ResponseFileTokenReplacer = null,
        };
        ParseResult parsed = root.Parse(ProgramArgument.Separate(root, words), configuration);
        if (parsed.Errors.Count > 0)
        {
            Command command = parsed.CommandResult.Command;
            string help = command is RootCommand ? "--help" : command.Name + " --help";
            throw new QuarryException($"{parsed.Errors[0].Message.TrimEnd('.')}; see 'quarry {help}'");
        }

        // Neither handler of the parser is wanted: both stand between signals or exceptions and the code
        // here.
        return parsed.Invoke(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = Terminal.Output.Writer,
            Error = Terminal.Error.Writer,
        });
    }

    private static int Fail(int exitCode, string message)
    {
        Terminal.Error.Writer.WriteLine("quarry: " + message.ReplaceLineEndings(" "));
        return exitCode;
    }
}
