namespace Quarry.Malloc;

/// <summary>The sources of jemalloc's options; later ones have precedence.</summary>
internal enum ConfSource
{
    /// <summary>The string of the build, which is empty.</summary>
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
