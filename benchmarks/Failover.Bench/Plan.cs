using System.Globalization;
using Backup.Drills;

namespace Backup.Failover.Bench;

/// <summary>What to measure, and how often.</summary>
internal sealed record Plan(int Rounds, string Only)
{
    internal static readonly string[] Known = ["G11", "G12", "G13", "G14"];

    /// <summary>As the product ships; given to the nodes, so that they and the figures have the same.</summary>
    internal static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(6);

    internal static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    internal static StackOptions Stack { get; } = new()
    {
        IsCluster = true,
        IsLoad = true,
        HasStandby = true,
        MessagesPerSecond = 400,
        NodeSettings = [$"cluster.lease-ttl={TimeToLive.TotalSeconds}s", $"tap.settle-delay={Settle.TotalSeconds}s"],
    };

    /// <summary>Of what takes long.</summary>
    internal int FewRounds => Math.Max(1, Rounds / 2);

    internal bool Wants(params string[] figures) => Only.Length == 0 || figures.Contains(Only);

    /// <summary>Null where the arguments are none.</summary>
    internal static Plan? Of(string[] args)
    {
        var plan = new Plan(6, "");
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            switch (args[i])
            {
                case "--quick":
                    plan = plan with { Rounds = 2 };
                    break;
                case "--only" when Known.Contains(value):
                    (plan, i) = (plan with { Only = value }, i + 1);
                    break;
                case "--rounds" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) && rounds is >= 1 and <= 1000:
                    (plan, i) = (plan with { Rounds = rounds }, i + 1);
                    break;
                default:
                    return null;
            }
        }

        return plan;
    }
}
