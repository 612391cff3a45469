namespace Quarry.Cli.Tests.Profiles;

/// <summary>Runs the code of dh_view.html without a browser.</summary>
internal static class DhatViewer
{
    /// <summary>Arguments: dh_view.js, then the file to show.</summary>
    internal const string Script =
        """
        const fs = require('fs'), vm = require('vm');
        const element = () => new Proxy({ childNodes: [], style: {}, classList: { add() {} } }, {
            get: (target, name) => name in target ? target[name] : () => element(),
            set: (target, name, value) => { target[name] = value; return true; },
        });
        const document = { getElementById: element, createElement: element, createTextNode: element,
                           body: element() };
        const world = { document, console, URLSearchParams, window: {}, performance: { now: () => 0 },
                        location: { search: '' } };
        world.window = world;
        vm.createContext(world);
        vm.runInContext(fs.readFileSync(process.argv[2], 'utf8'), world);
        world.text = fs.readFileSync(process.argv[3], 'utf8');
        vm.runInContext(`onLoad(); gData = JSON.parse(text); buildTree();
            console.log('total', gRoot._totalBytes, gRoot._totalBlocks,
                        'peak', gRoot._atTGmaxBytes, gRoot._atTGmaxBlocks,
                        'end', gRoot._atTEndBytes, gRoot._atTEndBlocks)`, world);
        """;
}
