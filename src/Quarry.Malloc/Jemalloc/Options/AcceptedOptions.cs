using System;

namespace Quarry.Malloc;

/// <summary>
/// The options of jemalloc that are accepted without effect: their values are checked, as in jemalloc.
/// </summary>
internal static class AcceptedOptions
{
    internal static ConfResult Check(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (IsOneOf(key, "prof_log prof_sys_thread_name prof_unbias "u8)
            || IsOneOf(key, "disable_large_size_classes "u8)
            || IsOneOf(key, "experimental_infallible_new hpa retain tcache trust_madvise "u8))
        {
            return ConfFlag.Parse(value, out _);
        }

        if (IsOneOf(key, "debug_double_free_max_scan hpa_sec_bytes_after_flush hpa_sec_max_alloc "u8)
            || IsOneOf(key, "hpa_sec_max_bytes hpa_sec_nshards lg_extent_max_active_fit lg_tcache_max "u8)
            || IsOneOf(key, "lg_tcache_nslots_mul lg_tcache_flush_small_div lg_tcache_flush_large_div "u8)
            || IsOneOf(key, "mutex_max_spin "u8)
            || IsOneOf(key, "prof_recent_alloc_max process_madvise_max_batch san_guard_large "u8)
            || IsOneOf(key, "san_guard_small "u8)
            || IsOneOf(key, "tcache_gc_delay_bytes tcache_gc_incr_bytes tcache_max "u8)
            || IsOneOf(key, "tcache_nslots_large tcache_nslots_small_max tcache_nslots_small_min "u8))
        {
            return ConfNumber.TryParse(value, out _) ? ConfResult.Set : ConfResult.Invalid;
        }

        return key.SequenceEqual("dss"u8) ? Choice(value, "disabled primary secondary "u8)
            : key.SequenceEqual("metadata_thp"u8) ? Choice(value, "disabled auto always "u8)
            : key.SequenceEqual("prof_time_resolution"u8) ? Choice(value, "default high "u8)
            : key.SequenceEqual("thp"u8) ? Choice(value, "default always never "u8)
            : IsOneOf(key, "bin_shards narenas_ratio slab_sizes tcache_ncached_max "u8)
                ? ConfResult.Set
            : ConfResult.Unknown;
    }

    private static ConfResult Choice(ReadOnlySpan<byte> value, ReadOnlySpan<byte> choices) =>
        IsOneOf(value, choices) ? ConfResult.Set : ConfResult.Invalid;

    /// <summary>Determines whether a word is in a list in which a space follows each word.</summary>
    private static bool IsOneOf(ReadOnlySpan<byte> word, ReadOnlySpan<byte> list)
    {
        while (!list.IsEmpty)
        {
            int end = list.IndexOf((byte)' ');
            if (list.Slice(0, end).SequenceEqual(word))
            {
                return true;
            }

            list = list.Slice(end + 1);
        }

        return false;
    }
}
