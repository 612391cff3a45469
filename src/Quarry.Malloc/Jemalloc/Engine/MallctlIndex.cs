using System;

namespace Quarry.Malloc;

/// <summary>Finds controls by their names and by their numbers (MIBs).</summary>
/// <remarks>
/// A MIB has one number for each element of a path. For a number in the path it is that number, and for a
/// name the ID of the first control whose path begins with the elements up to it, so it is the same for all
/// controls below. The last number is therefore the ID of the control itself.
/// </remarks>
/// <typeparam name="TTree">The controls.</typeparam>
internal static unsafe class MallctlIndex<TTree> where TTree : struct, IMallctlTree
{
    private const int GroupShift = 8;

    /// <summary>Finds a name, which may be that of a group.</summary>
    /// <param name="name">The name.</param>
    /// <param name="mib">The memory for <see cref="MallctlPath.MaxDepth"/> numbers.</param>
    /// <param name="depth">The number of elements of the name.</param>
    /// <param name="node">The control; its path is longer if the name is that of a group.</param>
    internal static bool TryFind(
        ReadOnlySpan<byte> name, nuint* mib, out int depth, scoped ref MallctlNode node)
    {
        depth = MallctlPath.Depth(name);
        if (depth > MallctlPath.MaxDepth)
        {
            return false;
        }

        int found = 0;
        for (int group = 0; group < TTree.GroupCount; group++)
        {
            for (int index = 0; ; index++)
            {
                _ = TTree.Visit(ref node, group, index);
                if (node.Path.IsEmpty)
                {
                    break;
                }

                if (Match(node.Path, name, mib, ref found, (nuint)((group << GroupShift) | index)) == depth)
                {
                    return NumbersExist(node.Path, mib, depth);
                }
            }
        }

        return false;
    }

    /// <summary>Finds the control of a MIB.</summary>
    internal static bool TryFind(nuint* mib, nuint depth, scoped ref MallctlNode node)
    {
        if (depth is 0 or > MallctlPath.MaxDepth || !TryVisit(mib[depth - 1], ref node)
            || MallctlPath.Depth(node.Path) != (int)depth || !NumbersExist(node.Path, mib, (int)depth))
        {
            return false;
        }

        // Every name must belong to the path of the control.
        ReadOnlySpan<byte> path = node.Path;
        MallctlNode other = default;
        for (int element = 0, start = 0; element < (int)depth - 1; element++)
        {
            ReadOnlySpan<byte> name = MallctlPath.ElementAt(path, start);
            start += name.Length + 1;
            if (!MallctlPath.IsNumber(name)
                && (!TryVisit(mib[element], ref other) || !other.Path.StartsWith(path.Slice(0, start))))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Visits the control of a MIB that was found, and returns its error number.</summary>
    internal static int Act(nuint* mib, nuint depth, ref MallctlNode node)
    {
        nuint id = mib[depth - 1];
        return TTree.Visit(ref node, (int)(id >> GroupShift), (int)(id & ((1 << GroupShift) - 1)));
    }

    private static bool TryVisit(nuint id, scoped ref MallctlNode node)
    {
        nuint group = id >> GroupShift;
        if (group >= (nuint)TTree.GroupCount)
        {
            return false;
        }

        _ = TTree.Visit(ref node, (int)group, (int)(id & ((1 << GroupShift) - 1)));
        return !node.Path.IsEmpty;
    }

    /// <summary>
    /// Returns how many elements at the beginning of a name match a path; stores the numbers of those that no
    /// earlier path matched.
    /// </summary>
    private static int Match(
        ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, nuint* mib, ref int found, nuint id)
    {
        int matched = 0;
        int inPath = 0, inName = 0;
        while (inPath < path.Length && inName <= name.Length)
        {
            ReadOnlySpan<byte> element = MallctlPath.ElementAt(path, inPath);
            ReadOnlySpan<byte> part = MallctlPath.ElementAt(name, inName);
            if (!Matches(path.Slice(0, inPath), element, part, out nuint number))
            {
                break;
            }

            if (matched == found)
            {
                mib[found++] = MallctlPath.IsNumber(element) ? number : id;
            }

            matched++;
            inPath += element.Length + 1;
            inName += part.Length + 1;
        }

        return matched;
    }

    /// <summary>
    /// Determines whether an element of a name is the same as that of a path, and returns its number.
    /// </summary>
    private static bool Matches(
        ReadOnlySpan<byte> before, ReadOnlySpan<byte> element, ReadOnlySpan<byte> name, out nuint number)
    {
        number = 0;
        return MallctlPath.IsListed(element) ? TTree.TryGetNumber(before, name, out number)
            : MallctlPath.IsNumber(element) ? MallctlPath.TryParse(name, out number)
            : name.SequenceEqual(element);
    }

    private static bool NumbersExist(ReadOnlySpan<byte> path, nuint* mib, int depth)
    {
        int start = 0;
        for (int element = 0; element < depth; element++)
        {
            ReadOnlySpan<byte> part = MallctlPath.ElementAt(path, start);
            if (MallctlPath.IsNumber(part) && !TTree.Exists(path.Slice(0, start), mib[element]))
            {
                return false;
            }

            start += part.Length + 1;
        }

        return true;
    }
}
