using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

/// <summary>
/// The class that the runtime calls when a hook is loaded into a running program, which prescribes its name
/// and that of its method.
/// </summary>
internal static class StartupHook
{
    private const int Missing = -1, Success = 0;

    /// <summary>
    /// Creates a profile file at the first prefix of the file <c>request</c> that permits it, and writes the
    /// error number of each attempt to the file <c>answer</c>; both are beside this assembly.
    /// </summary>
    internal static void Initialize()
    {
        string folder = Path.GetDirectoryName(typeof(StartupHook).Assembly.Location)!;
        StringBuilder answer = new();
        foreach (string prefix in File.ReadAllLines(Path.Combine(folder, "request")))
        {
            int error = CreateProfile(prefix);
            _ = answer.Append(error.ToString(CultureInfo.InvariantCulture)).Append('\n');
            if (error is Success or Missing)
            {
                break;
            }
        }

        File.WriteAllText(Path.Combine(folder, "answer"), answer.ToString());
    }

    private static unsafe int CreateProfile(string prefix)
    {
        if (!NativeLibrary.TryGetExport(
                NativeLibrary.GetMainProgramHandle(), "quarry_profile", out nint function))
        {
            return Missing;
        }

        fixed (byte* text = Encoding.UTF8.GetBytes(prefix + "\0"))
        {
            return ((delegate* unmanaged<byte*, int>)function)(text);
        }
    }
}
