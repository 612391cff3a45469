namespace Quarry.Cli.Tests.Profiles;

/// <summary>Runs the code of dh_view.html without a browser.</summary>
internal static class DhatViewer
{
    /// <summary>Arguments: dh_view.js, then the file to show.</summary>
    internal const string Script =
        """
        const fs = require('fs'), vm = require('vm');
        class Element {
            constructor() {
                this.childNodes = []; this.style = {}; this.selectedIndex = 0;
                this.classList = { add() {}, remove() {}, toggle() {} };
                return new Proxy(this, { get: (target, name) => target[name] ?? (() => new Element()) });
            }
            appendChild(child) { this.childNodes.push(child); return child; }
        }
        const element = () => new Element();
        const document = { getElementById: element, createElement: element, createTextNode: element,
                           body: element(), location: { search: '' } };
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
