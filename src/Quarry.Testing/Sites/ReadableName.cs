using System.Text.RegularExpressions;

namespace Quarry.Testing;

/// <summary>Names of methods and types as their author wrote them.</summary>
internal static partial class ReadableName
{
    /// <summary><c>A.B+&lt;&gt;c.&lt;Run&gt;b__0_0(int)</c> is <c>A.B.Run (lambda)</c>.</summary>
    internal static string OfMethod(string name)
    {
        int parameters = name.IndexOf('(');
        string bare = parameters < 0 ? name : name[..parameters];
        bare = Lambda().Replace(bare, ".$1 (lambda)");
        bare = LocalFunction().Replace(bare, "$1.$2");
        bare = StateMachineMethod().Replace(bare, ".$1");
        return Generics(bare);
    }

    /// <summary>
    /// <c>A.B+&lt;&gt;c__DisplayClass0_0</c> is <c>closure of A.B</c>; the runtime may not tell of what.
    /// </summary>
    internal static string OfType(string name)
    {
        Match closure = Closure().Match(name);
        string of = closure.Groups[1].Length > 0 ? $" of {closure.Groups[1].Value}" : "";
        return Generics(closure.Success ? "closure" + of : StateMachine().Replace(name, "$1$2 (async)"));
    }

    private static string Generics(string name)
    {
        // Arrays first: their brackets are to stay.
        string text = Rank().Replace(
            name, match => match.Value.Replace('[', '\u0001').Replace(']', '\u0002'));
        text = Arguments().Replace(text, "<").Replace(']', '>').Replace('+', '.');
        text = Arity().Replace(text, "");
        return text.Replace('\u0001', '[').Replace('\u0002', ']');
    }

    [GeneratedRegex(@"(?:\+<>c(?:__DisplayClass\d+_\d+)?(?:`\d+)?(?:\[[^\]]*\])?)?\.<(\w+)>b__[\w|]+")]
    private static partial Regex Lambda();

    [GeneratedRegex(@"<(\w+)>g__(\w+)\|[\w]+")]
    private static partial Regex LocalFunction();

    [GeneratedRegex(@"\+<(\w+)>d__\d+(?:`\d+)?(?:\[[^\]]*\])?\.MoveNext")]
    private static partial Regex StateMachineMethod();

    [GeneratedRegex(@"(^|\+)<(\w+)>d__\d+")]
    private static partial Regex StateMachine();

    [GeneratedRegex(@"^(?:(.*)\+)?<>c__DisplayClass\d+_\d+")]
    private static partial Regex Closure();

    [GeneratedRegex(@"\[,*\]")]
    private static partial Regex Rank();

    [GeneratedRegex(@"(?:`\d+)?\[")]
    private static partial Regex Arguments();

    // Of a type around the one whose arguments are listed.
    [GeneratedRegex(@"`\d+")]
    private static partial Regex Arity();
}
