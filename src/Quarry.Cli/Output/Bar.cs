using System;
using System.Text;

namespace Quarry.Cli.Output;

/// <summary>A horizontal bar of text, in steps of an eighth of a character.</summary>
internal static class Bar
{
    private const string Eighths = " ▏▎▍▌▋▊▉";

    internal static string Draw(double value, double maximum, int width)
    {
        double share = maximum > 0 ? Math.Clamp(value / maximum, 0, 1) : 0;
        int eighths = (int)Math.Round(share * width * 8);
        StringBuilder bar = new(new string('█', eighths / 8));
        if (eighths % 8 != 0)
        {
            bar.Append(Eighths[eighths % 8]);
        }

        return bar.ToString();
    }
}
