using System.Collections.Immutable;
using Backup.Account.Domain.Positions;

namespace Backup.Account.Domain.Market;

/// <summary>How far an exit may trade from the last price, for one kind of contract up to a price.</summary>
/// <param name="From">The first day on which it holds; of rows alike the latest counts.</param>
/// <param name="UpToPaise">Last prices up to this one; null for all above the other rows.</param>
/// <param name="BasisPoints">Hundredths of a percent of the last price.</param>
/// <param name="MinimumPaise">At least so far, whatever the percentage gives.</param>
public sealed record ProtectionRow(DateOnly From, ContractKind Kind, long? UpToPaise, int BasisPoints, long MinimumPaise);

/// <summary>The broker's table of protections (rulebook 1.7, 6): data with a version, which every ticket shows.</summary>
public sealed record ProtectionTable(string Version, ImmutableArray<ProtectionRow> Rows)
{
    /// <exception cref="InvalidOperationException">The table has no row for this: <see cref="Missing"/> finds that beforehand.</exception>
    public Protection Of(Contract contract, long lastPaise, DateOnly day)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return Find(contract.Kind, lastPaise, day) is { } row
            ? new Protection(row.BasisPoints, row.MinimumPaise)
            : throw new InvalidOperationException($"The protection table {Version} has no row for a {contract.Kind} at {lastPaise} paise on {day:yyyy-MM-dd}.");
    }

    /// <summary>A kind of contract for which some price has no row on that day; null when every one has.</summary>
    public ContractKind? Missing(DateOnly day)
    {
        foreach (var kind in Enum.GetValues<ContractKind>())
        {
            if (Find(kind, long.MaxValue, day) is null)
            {
                return kind;
            }
        }

        return null;
    }

    private ProtectionRow? Find(ContractKind kind, long lastPaise, DateOnly day)
    {
        // The newest set of rows of the kind, and in it the first that reaches the price.
        var from = Rows.Where(row => row.Kind == kind && row.From <= day).Select(row => (DateOnly?)row.From).Max();
        return Rows.Where(row => row.Kind == kind && row.From == from && (row.UpToPaise is not { } upTo || lastPaise <= upTo))
            .MinBy(row => row.UpToPaise ?? long.MaxValue);
    }
}
