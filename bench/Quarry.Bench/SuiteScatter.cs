using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text;

namespace Quarry.Bench;

/// <summary>The results as a picture: a point for each allocator, by its means of time and memory.</summary>
internal static class SuiteScatter
{
    private const double Width = 720, Height = 440, Left = 64, Top = 20, Right = 120, Bottom = 52;

    // The height of a label, in which no other one may begin.
    private const double Line = 15;

    /// <summary>
    /// Returns an SVG image; null if not all allocators have means, because no workload ran on all of them.
    /// </summary>
    internal static string? Write(SuiteReport report)
    {
        (string Name, double Time, double Peak)[] points =
        [
            .. from contender in report.Contenders
               let time = report.MeanTime(contender.Name)
               let peak = report.MeanPeak(contender.Name)
               where time is not null && peak is not null
               select (contender.Name, time.Value, peak.Value),
        ];
        if (points.Length == 0)
        {
            return null;
        }

        Axis x = new(points.Max(p => p.Time), Left, Width - Right);
        Axis y = new(points.Max(p => p.Peak), Height - Bottom, Top);
        StringBuilder svg = new();
        Append(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" ");
        Append(svg, $"font-family=\"sans-serif\" font-size=\"13\">\n");
        Append(svg, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"#fff\"/>\n");
        foreach (double tick in x.Ticks)
        {
            Append(svg, $"<path d=\"M{x.At(tick):0.#} {Top}V{Height - Bottom}\" stroke=\"#ddd\"/>");
            Text(svg, x.At(tick), Height - Bottom + 18, "middle", $"{tick:0.0#}×");
        }

        foreach (double tick in y.Ticks)
        {
            Append(svg, $"<path d=\"M{Left} {y.At(tick):0.#}H{Width - Right}\" stroke=\"#ddd\"/>");
            Text(svg, Left - 8, y.At(tick) + 4, "end", $"{tick:0.0#}×");
        }

        Text(svg, (Left + Width - Right) / 2, Height - 10, "middle", $"time: the best of each workload is 1");
        Append(svg, $"<g transform=\"rotate(-90 14 {(Top + Height - Bottom) / 2})\">");
        Text(svg, 14, (Top + Height - Bottom) / 2, "middle", $"peak memory");
        Append(svg, $"</g>\n");

        List<double> labels = [];
        foreach ((string name, double time, double peak) in points.OrderBy(p => y.At(p.Peak)))
        {
            string color = name == report.Contenders[0].Name ? "#c0392b" : "#34495e";
            double label = y.At(peak) + 4;
            label = labels.Count > 0 && label < labels[^1] + Line ? labels[^1] + Line : label;
            labels.Add(label);
            Append(svg, $"<circle cx=\"{x.At(time):0.#}\" cy=\"{y.At(peak):0.#}\" r=\"5\" ");
            Append(svg, $"fill=\"{color}\"/>");
            Text(svg, x.At(time) + 9, label, "start", $"{WebUtility.HtmlEncode(name)}");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Text(StringBuilder svg, double x, double y, string anchor, FormattableString text) =>
        Append(svg, $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\">{Invariant(text)}</text>\n");

    private static void Append(StringBuilder svg, FormattableString text) => svg.Append(Invariant(text));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    // From 1, the best that a mean of ratios can be, to the next tick after the highest value.
    private sealed class Axis(double most, double from, double to)
    {
        private readonly double _step = most <= 1.5 ? 0.1 : most <= 3 ? 0.25 : 1;

        private double End => 1 + (Math.Max(1, Math.Ceiling((most - 1) / _step)) * _step);

        internal IEnumerable<double> Ticks =>
            Enumerable.Range(0, 1 + (int)Math.Round((End - 1) / _step)).Select(i => 1 + (i * _step));

        internal double At(double value) => from + ((to - from) * (value - 1) / (End - 1));
    }
}
