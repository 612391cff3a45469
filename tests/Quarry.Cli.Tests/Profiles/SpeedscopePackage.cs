using System.IO;
using Xunit;

namespace Quarry.Cli.Tests.Profiles;

/// <summary>The page and the JSON schema of speedscope, from its npm package.</summary>
internal static class SpeedscopePackage
{
    private const string Version = "1.25.0";

    /// <summary>
    /// Checks a file by a schema: the parts of JSON Schema that the one of speedscope uses. Arguments: the
    /// schema, then the file.
    /// </summary>
    internal const string Script =
        """
        const fs = require('fs');
        const schema = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
        const known = new Set(['$ref', '$schema', 'anyOf', 'definitions', 'description', 'enum', 'items',
                               'properties', 'required', 'title', 'type', 'const']);
        function check(rule, value, path) {
            for (const key of Object.keys(rule))
                if (!known.has(key)) throw new Error('unknown keyword ' + key);
            if (rule.$ref) return check(schema.definitions[rule.$ref.split('/').pop()], value, path);
            if (rule.anyOf) {
                const errors = rule.anyOf.map(each => check(each, value, path));
                return errors.includes(null) ? null : errors.join('; ');
            }
            const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
            if (rule.type && ![rule.type].flat().includes(type)) return `${path}: ${type}`;
            if (rule.enum && !rule.enum.includes(value)) return `${path}: ${value}`;
            if ('const' in rule && rule.const !== value) return `${path}: ${value}`;
            for (const name of rule.required ?? [])
                if (!(name in value)) return `${path}: no ${name}`;
            for (const [name, each] of Object.entries(rule.properties ?? {}))
                if (name in value) { const e = check(each, value[name], `${path}.${name}`); if (e) return e; }
            if (rule.items && type === 'array')
                for (let i = 0; i < value.length; i++) {
                    const e = check(rule.items, value[i], `${path}[${i}]`); if (e) return e;
                }
            return null;
        }
        const file = JSON.parse(fs.readFileSync(process.argv[3], 'utf8'));
        const error = check(schema, file, '$');
        const frames = file.shared.frames.length;
        for (const profile of file.profiles) {
            const sum = profile.weights.reduce((a, b) => a + b, 0);
            if (profile.samples.length !== profile.weights.length) throw new Error('weights');
            if (sum !== profile.endValue - profile.startValue) throw new Error('sum');
            if (profile.samples.flat().some(i => i < 0 || i >= frames)) throw new Error('frame index');
        }
        console.log(error ?? 'valid');
        """;

    /// <summary>The path of the schema.</summary>
    internal static string Schema() => Find("file-format-schema.json");

    /// <summary>The path of the page that shows profiles.</summary>
    internal static string Page() => Find("index.html");

    /// <summary>Finds a file of the package, which is kept in a cache for the next run.</summary>
    private static string Find(string name)
    {
        string cache = Path.Combine(Path.GetTempPath(), "quarry-test-cache", "speedscope-" + Version);
        string file = Path.Combine(cache, "package", "dist", "release", name);
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(cache);
            Assert.SkipUnless(Succeeds("npm", cache, "pack", "--silent", "speedscope@" + Version),
                "npm cannot fetch speedscope");
            Assert.SkipUnless(Succeeds("tar", cache, "xf", $"speedscope-{Version}.tgz"), "tar failed");
        }

        return ExternalTool.AnyFile(name + " of speedscope",
            Directory.GetFiles(cache, name, SearchOption.AllDirectories));
    }

    private static bool Succeeds(string program, string folder, params string[] arguments) =>
        new Run(program, arguments) { Folder = folder }.Start().ExitCode == 0;
}
