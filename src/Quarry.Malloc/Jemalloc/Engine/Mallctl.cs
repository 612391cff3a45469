using System;

namespace Quarry.Malloc;

/// <summary>The engine behind <c>mallctl</c>: the checks that all controls have in common.</summary>
/// <typeparam name="TTree">The controls.</typeparam>
internal static unsafe class Mallctl<TTree> where TTree : struct, IMallctlTree
{
    /// <summary>Reads or writes the control with a name.</summary>
    /// <returns>0, or an error number.</returns>
    internal static int ByName(byte* name, void* old, nuint* oldLength, void* value, nuint length)
    {
        nuint* mib = stackalloc nuint[MallctlPath.MaxDepth];
        MallctlNode node = default;
        return name != null && MallctlIndex<TTree>.TryFind(CText.Span(name), mib, out int depth, ref node)
            && MallctlPath.Depth(node.Path) == depth
            ? Act(mib, (nuint)depth, ref node, old, oldLength, value, length)
            : MallctlError.NotFound;
    }

    /// <summary>Reads or writes the control with a MIB.</summary>
    /// <returns>0, or an error number.</returns>
    internal static int ByMib(
        nuint* mib, nuint depth, void* old, nuint* oldLength, void* value, nuint length)
    {
        MallctlNode node = default;
        return mib != null && MallctlIndex<TTree>.TryFind(mib, depth, ref node)
            ? Act(mib, depth, ref node, old, oldLength, value, length)
            : MallctlError.NotFound;
    }

    /// <summary>Converts a name, or the beginning of one, to a MIB.</summary>
    /// <param name="name">The name.</param>
    /// <param name="mib">The memory for the numbers.</param>
    /// <param name="length">The room in that memory; becomes the count of numbers.</param>
    /// <returns>0, or an error number.</returns>
    internal static int NameToMib(byte* name, nuint* mib, nuint* length)
    {
        nuint* numbers = stackalloc nuint[MallctlPath.MaxDepth];
        MallctlNode node = default;
        if (name == null || mib == null || length == null
            || !MallctlIndex<TTree>.TryFind(CText.Span(name), numbers, out int depth, ref node))
        {
            return MallctlError.NotFound;
        }

        nuint count = *length < (nuint)depth ? *length : (nuint)depth;
        for (nuint element = 0; element < count; element++)
        {
            mib[element] = numbers[element];
        }

        *length = count;
        return MallctlError.None;
    }

    private static int Act(
        nuint* mib, nuint depth, ref MallctlNode node, void* old, nuint* oldLength, void* value, nuint length)
    {
        nuint size = (nuint)node.Type;
        bool writes = value != null;
        int error = Check(node.Access, old, oldLength, value, length, size);
        if (error != MallctlError.None)
        {
            return error;
        }

        SetNumbers(ref node, mib, depth);
        node.Acts = true;
        if (node.Access == MallctlAccess.Buffers)
        {
            node.OldBuffer = old;
            node.OldLength = oldLength;
            node.NewBuffer = value;
            node.NewLength = length;
            return MallctlIndex<TTree>.Act(mib, depth, ref node);
        }

        // Before the old value is stored: the caller may pass one buffer for both.
        node.Input = Load(value, node.Access == MallctlAccess.MustRead ? (nuint)sizeof(void*) : size);
        node.Old = Load(oldLength != null && *oldLength == size ? old : null, size);
        if (node.Access is MallctlAccess.Read or MallctlAccess.MustRead or MallctlAccess.ReadWrite
            || (node.Access is MallctlAccess.WriteThenRead or MallctlAccess.ReadOrWrite && !writes))
        {
            node.Writes = node.Access == MallctlAccess.MustRead && writes;
            error = ActAndStore(mib, depth, ref node, size, old, oldLength);
            if (error != MallctlError.None || node.Access != MallctlAccess.ReadWrite || !writes)
            {
                return error;
            }

            node.Writes = true;
            return MallctlIndex<TTree>.Act(mib, depth, ref node);
        }

        node.Writes = writes || node.Access != MallctlAccess.Command;
        return node.Access == MallctlAccess.WriteThenRead
            ? ActAndStore(mib, depth, ref node, size, old, oldLength)
            : writes || node.Access is MallctlAccess.Action or MallctlAccess.Command
                ? MallctlIndex<TTree>.Act(mib, depth, ref node)
            : MallctlError.None;
    }

    /// <summary>Acts, and stores the value if the caller reads it.</summary>
    private static int ActAndStore(
        nuint* mib, nuint depth, ref MallctlNode node, nuint size, void* old, nuint* oldLength)
    {
        int error = MallctlIndex<TTree>.Act(mib, depth, ref node);
        return error == MallctlError.None && old != null && oldLength != null
            ? Store(node.Value, size, old, oldLength)
            : error;
    }

    private static int Check(
        MallctlAccess access, void* old, nuint* oldLength, void* value, nuint length, nuint size)
    {
        bool passesOld = old != null || oldLength != null;
        bool passesValue = value != null || length != 0;
        switch (access)
        {
            case MallctlAccess.Unavailable:
                return MallctlError.NotFound;

            case MallctlAccess.Buffers:
                return MallctlError.None;

            case MallctlAccess.Read when passesValue:
            case MallctlAccess.ReadOrWrite when passesOld && passesValue:
            case MallctlAccess.Write or MallctlAccess.Command when passesOld:
            case MallctlAccess.Action when passesOld || passesValue:
                return MallctlError.NotPermitted;

            case MallctlAccess.MustRead when old == null || oldLength == null || *oldLength != size:
                if (oldLength != null)
                {
                    *oldLength = 0;
                }

                return MallctlError.InvalidArgument;

            default:
                return access is not (MallctlAccess.Read or MallctlAccess.Action) && value != null
                    && length != (access == MallctlAccess.MustRead ? (nuint)sizeof(void*) : size)
                    ? MallctlError.InvalidArgument
                    : MallctlError.None;
        }
    }

    private static void SetNumbers(ref MallctlNode node, nuint* mib, nuint depth)
    {
        bool isFirst = true;
        for (int element = 0, start = 0; element < (int)depth; element++)
        {
            ReadOnlySpan<byte> part = MallctlPath.ElementAt(node.Path, start);
            start += part.Length + 1;
            if (MallctlPath.IsNumber(part))
            {
                node.Second = mib[element];
                node.First = isFirst ? node.Second : node.First;
                isFirst = false;
            }
        }
    }

    private static nuint Load(void* value, nuint size)
    {
        nuint result = 0;
        if (value != null)
        {
            Memory.Copy(value, &result, size);
        }

        return result;
    }

    /// <summary>Copies the value; as much of it as fits if the caller expects another size.</summary>
    private static int Store(nuint value, nuint size, void* old, nuint* oldLength)
    {
        nuint copied = *oldLength < size ? *oldLength : size;
        Memory.Copy(&value, old, copied);
        bool fits = *oldLength == size;
        *oldLength = copied;
        return fits ? MallctlError.None : MallctlError.InvalidArgument;
    }
}
