namespace Quarry;

/// <summary>Tests of memory that may be inaccessible.</summary>
internal static unsafe partial class LinuxOs
{
    /// <summary>
    /// Determines whether eight bytes at an address can be read, without reading them: one system call.
    /// </summary>
    /// <remarks>
    /// The kernel copies the signal mask from the address before it looks at the operation, which is an
    /// invalid one: the result is EFAULT or EINVAL, and no mask changes. <c>mincore</c> would not do, as an
    /// inaccessible page is mapped as well; <c>process_vm_readv</c> is forbidden in many sandboxes. (After
    /// Abseil's <c>AddressIsReadable</c>.)
    /// </remarks>
    internal static bool IsReadable(void* address)
    {
        const nint NoOperation = -1, BadAddress = -14;
        return address != null && SystemCall(
            CallRtSigprocmask, NoOperation, (nint)address, 0, sizeof(ulong), 0, 0) != BadAddress;
    }
}
