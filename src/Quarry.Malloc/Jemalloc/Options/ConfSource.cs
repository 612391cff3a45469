namespace Quarry.Malloc;

/// <summary>The sources of jemalloc's options; later ones have precedence.</summary>
/// <remarks>
/// In an image with a prefix, each name has it. If such an image has the plain names as well, a source
/// without the prefix is read if there is none with it.
/// </remarks>
internal enum ConfSource
{
    /// <summary>The string of the build; empty unless the build sets one.</summary>
    Build,

    /// <summary>The variable <c>malloc_conf</c> of the program.</summary>
    Variable,

    /// <summary>The target of the link <c>/etc/malloc.conf</c>.</summary>
    Link,

    /// <summary>The environment variable <c>MALLOC_CONF</c>.</summary>
    Environment,

    /// <summary>The variable <c>malloc_conf_2_conf_harder</c> of the program.</summary>
    LastVariable,
}
