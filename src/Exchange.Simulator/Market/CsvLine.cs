using System.Text;

namespace Backup.Exchange.Simulator.Market;

/// <summary>Splits lines of comma-separated files; fields may be quoted.</summary>
internal static class CsvLine
{
    public static List<string> Split(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        foreach (var letter in line)
        {
            if (letter == '"')
            {
                quoted = !quoted;
            }
            else if (letter == ',' && !quoted)
            {
                fields.Add(field.ToString().Trim());
                field.Clear();
            }
            else
            {
                field.Append(letter);
            }
        }

        fields.Add(field.ToString().Trim());
        return fields;
    }

    /// <summary>Rupees as written, to paise; null when it is no amount.</summary>
    public static int? Paise(string rupees) =>
        decimal.TryParse(rupees, System.Globalization.NumberStyles.Number, null, out var amount) && Math.Abs(amount) < 20_000_000
            ? (int)decimal.Round(amount * 100)
            : null;
}
