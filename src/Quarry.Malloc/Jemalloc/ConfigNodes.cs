namespace Quarry.Malloc;

/// <summary>The properties of the build, <c>config.*</c>.</summary>
internal static unsafe class ConfigNodes
{
    internal static int Visit(ref MallctlNode node, int index) => index switch
    {
        0 => node.Is("config.cache_oblivious"u8, MallctlType.Boolean) ? node.Return(true) : 0,
        1 => node.Is("config.debug"u8, MallctlType.Boolean) ? node.Return(HeapCheck.IsCompiled) : 0,
        2 => node.Is("config.fill"u8, MallctlType.Boolean) ? node.Return(true) : 0,
        3 => node.Is("config.lazy_lock"u8, MallctlType.Boolean) ? node.Return(false) : 0,
        4 => node.Is("config.malloc_conf"u8) ? node.ReturnText(ImageNames.BuiltInConf) : 0,
        5 => node.Is("config.opt_safety_checks"u8, MallctlType.Boolean) ? node.Return(false) : 0,
        6 => node.Is("config.prof"u8, MallctlType.Boolean) ? node.Return(true) : 0,
        7 => node.Is("config.prof_libgcc"u8, MallctlType.Boolean) ? node.Return(false) : 0,
        8 => node.Is("config.prof_libunwind"u8, MallctlType.Boolean) ? node.Return(false) : 0,
        9 => node.Is("config.stats"u8, MallctlType.Boolean) ? node.Return(true) : 0,
        10 => node.Is("config.utrace"u8, MallctlType.Boolean) ? node.Return(false) : 0,
        11 => node.Is("config.xmalloc"u8, MallctlType.Boolean) ? node.Return(true) : 0,
        _ => node.End(),
    };
}
