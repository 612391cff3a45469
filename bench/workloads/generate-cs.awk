# Classes for the C# compiler, a file each, with properties, generics, lambdas and pattern matching.
#
#     awk -v classes=N -f generate-cs.awk        (into the folder classes)
BEGIN {
    for (c = 0; c < classes; c++) {
        file = "classes/Class" c ".cs"
        print "using System;\nusing System.Collections.Generic;\nusing System.Linq;\n" >file
        print "namespace Library;\n" >file
        printf "public sealed record Item%d(int Id, string Name, double Weight);\n\n", c >file
        printf "public class Class%d\n{\n", c >file
        printf "    private readonly Dictionary<string, Item%d> _items = [];\n\n", c >file
        for (m = 0; m < 12; m++) {
            printf "    public string Name%d { get; set; } = \"name %d\";\n\n", m, m >file
            printf "    public IEnumerable<(int, double)> Group%d(int limit) => _items.Values\n", m >file
            printf "        .Where(item => item.Id %% %d < limit && item.Name != Name%d)\n", m + 2, m >file
            printf "        .GroupBy(item => item.Id / %d)\n", m + 1 >file
            printf "        .Select(group => (group.Key, group.Sum(item => item.Weight)));\n\n" >file
            printf "    public int Rate%d(object? value) => value switch\n    {\n", m >file
            printf "        null => %d,\n        int n when n > %d => n - %d,\n", m, m, c >file
            printf "        string { Length: > %d } s => s.Length,\n", m >file
            printf "        Item%d(var id, _, > %d.5) => id,\n        _ => -1,\n    };\n\n", c, m >file
        }
        if (c > 0) printf "    public Class%d? Previous { get; init; }\n", c - 1 >file
        print "}" >file
        close(file)
    }
}
