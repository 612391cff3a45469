namespace Quarry;

/// <summary>Appends the records of modules, when a stack first leads through one.</summary>
internal static unsafe class ModuleRecord
{
    private const nuint PathCapacity = 4096;

    /// <summary>Appends a record; the function that a <see cref="StackWalker"/> calls.</summary>
    /// <param name="context">The <see cref="Recording"/>.</param>
    /// <param name="module">The module.</param>
    internal static void OnModule(void* context, StackModule* module)
    {
        Recording* recording = (Recording*)context;
        byte frame;
        if (Recording.Enter(recording, &frame) != null)
        {
            Append(&recording->File, module, recording->Clock.Now());
            Recording.Exit(recording);
        }
    }

    private static void Append(ProfileFile* file, StackModule* module, ulong time)
    {
        nuint pathLength = (nuint)CText.Span(module->Path).Length;

        // The program itself, whose path is the kernel's.
        nuint capacity = pathLength == 0 ? PathCapacity : pathLength;
        nuint idBytes = Layout.AlignUp((nuint)module->BuildIdLength, sizeof(ulong));
        nuint fixedBytes = (nuint)sizeof(ProfileModule) + idBytes;
        ProfileModule* recorded = (ProfileModule*)file->BeginRecord(fixedBytes + capacity);
        if (recorded == null)
        {
            file->Header->Losses.NoRoom++;
            return;
        }

        byte* id = (byte*)(recorded + 1), path = id + idBytes;
        Memory.Copy(module->BuildId, id, (nuint)module->BuildIdLength);
        if (pathLength == 0)
        {
            pathLength = Os.ExecutablePath(path, PathCapacity);
        }
        else
        {
            Memory.Copy(module->Path, path, pathLength);
        }

        recorded->Start = module->Start;
        recorded->End = module->End;
        recorded->LoadBias = module->LoadBias;
        recorded->BuildIdLength = (uint)module->BuildIdLength;
        recorded->PathLength = (uint)pathLength;
        nuint bytes = fixedBytes + Layout.AlignUp(pathLength, sizeof(ulong));
        file->EndRecord(recorded, ProfileRecordKind.Module, bytes, time);
    }
}
