using System.Collections.Concurrent;
using Backup.Account.Domain.Positions;

namespace Backup.Account.Domain.Journal;

/// <summary>One copy of each contract in memory, however many accounts hold it: a day's file has thousands of them, its positions millions.</summary>
/// <remarks>Safe for threads. Equal values are exchanged for each other, so nothing that is decided depends on it.</remarks>
internal static class ContractPool
{
    /// <summary>More than an exchange lists; beyond it contracts are kept by their accounts alone.</summary>
    private const int CapacityMax = 500_000;

    private static readonly ConcurrentDictionary<Contract, Contract> Known = new();

    internal static AccountEvent? Shared(AccountEvent? recorded) => recorded is AccountEvent.DayOpened opened
        ? opened with { Positions = [.. opened.Positions.Select(Shared)] }
        : recorded;

    private static CarriedPosition Shared(CarriedPosition carried) =>
        carried with { Contract = Shared(carried.Contract), Product = string.Intern(carried.Product) };

    internal static Contract Shared(Contract contract) => Known.TryGetValue(contract, out var known) ? known
        : Known.Count < CapacityMax ? Known.GetOrAdd(contract, contract)
        : contract;
}
