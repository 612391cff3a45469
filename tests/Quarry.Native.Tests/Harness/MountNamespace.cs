using Xunit;

namespace Quarry.Native.Tests.Harness;

/// <summary>Runs a script that mounts file systems of its own, where the system permits that.</summary>
internal static class MountNamespace
{
    /// <summary>A run of a shell script as root of a user namespace, with its own view of all mounts.
    /// </summary>
    public static Run Run(string script)
    {
        string unshare = Tool.Require("unshare");
        Outcome trial = new Run(unshare, "-rm", "mount", "-t", "tmpfs", "none", "/mnt").Start();
        Assert.SkipUnless(trial.ExitCode == 0, "mount namespaces are not permitted");
        return new Run(unshare, "-rm", "sh", "-c", script);
    }
}
