using System;
using System.Collections.Generic;
using System.Globalization;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Model;

/// <summary>
/// Names addresses by module and offset, "libfoo.so!0x1234", which is the same in every run of the program.
/// </summary>
internal sealed class ModuleFrames(ProfileFile file) : IFrameResolver
{
    private readonly Dictionary<(ulong Address, RecordedModule? Module), IReadOnlyList<Frame>> _known = [];

    public IReadOnlyList<Frame> Resolve(ulong address, TimeSpan time)
    {
        RecordedModule? module = file.FindModule(address, time);
        if (!_known.TryGetValue((address, module), out IReadOnlyList<Frame>? frames))
        {
            frames = [Name(address, module)];
            _known.Add((address, module), frames);
        }

        return frames;
    }

    private static Frame Name(ulong address, RecordedModule? module)
    {
        string path = module?.Path ?? "";
        ulong offset = address - (module?.LoadBias ?? 0);
        string name = path.Length > 0 ? System.IO.Path.GetFileName(path) : "unknown";
        string function = string.Create(CultureInfo.InvariantCulture, $"{name}!0x{offset:x}");
        return new Frame(function, path, "", 0, RuntimeModules.KindOf(path), false, address);
    }
}
