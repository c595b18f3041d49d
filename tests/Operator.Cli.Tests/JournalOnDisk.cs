using System.Buffers;
using Backup.Account.Domain;
using Backup.Account.Domain.Journal;
using Backup.Account.Domain.Plans;
using Backup.Account.Domain.Positions;
using Backup.Actor.Kernel.Journal;
using Backup.Journal.Sqlite;
using Microsoft.Data.Sqlite;

namespace Backup.Operator.Cli.Tests;

/// <summary>
/// A data folder with a morning of two accounts, written by the real journal: one command every ten minutes from 10:00 India
/// time, each account holding 300 and exiting 75 three times.
/// </summary>
internal sealed class JournalOnDisk : IDisposable
{
    internal const int RecordsEach = 7;
    internal static readonly DateTimeOffset TenInIndia = new(2026, 11, 20, 4, 30, 0, TimeSpan.Zero);
    private static readonly Contract Option = new(
        "NFO", "NIFTY30DEC26000CE", 13906434, 54321, MarketSegment.Derivatives, ContractKind.Option, "OPTIDX", "NIFTY", "",
        new DateOnly(2030, 12, 31), 2600000, "CE", 75, 5, 1800, 11000);

    private JournalOnDisk(string folder) => Folder = folder;

    internal string Folder { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    internal static async Task<JournalOnDisk> WriteAsync()
    {
        var folder = Directory.CreateTempSubdirectory("pbm-").FullName;
        using var lease = FolderLease.Acquire(folder, "test", TimeProvider.System);
        await using var journal = new SqliteJournal(lease);
        foreach (var account in new[] { "DEMO01", "DEMO02" })
        {
            await WriteAccountAsync(journal, account, lease.Epoch);
        }

        return new JournalOnDisk(folder);
    }

    /// <summary>Changes the file behind the journal's back.</summary>
    internal void Tamper(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(Folder, "journal.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own constants.
        command.CommandText = sql;
#pragma warning restore CA2100
        Assert.True(command.ExecuteNonQuery() > 0, "the tampering changed nothing");
    }

    internal static async Task WriteAccountAsync(IJournal journal, string account, long epoch)
    {
        var state = AccountDecider.Initial(account);
        var head = JournalHead.Empty;
        var at = TenInIndia;
        AccountCommand[] commands =
        [
            new AccountCommand.OpenDay(new DateOnly(2026, 11, 20), "hash", [new CarriedPosition(Option, "NRML", 300, 10000)]),
            Exit(account, "one"), Exit(account, "two"), Exit(account, "three"),
        ];
        foreach (var command in commands)
        {
            var records = new List<JournalRecord>();
            foreach (var recorded in AccountDecider.Decide(state, command, at).Events)
            {
                state = AccountDecider.Evolve(state, recorded, at);
                var payload = new ArrayBufferWriter<byte>();
                var (type, version) = AccountEventCodec.Encode(recorded, payload);
                var hash = HashChain.Next(head.Hash.Span, account, head.Sequence + 1, at, type, version, payload.WrittenSpan);
                records.Add(new JournalRecord(head.Sequence + 1, at, type, version, payload.WrittenSpan.ToArray(), hash));
                head = new JournalHead(head.Sequence + 1, hash);
            }

            Assert.Equal([AppendOutcome.Stored], await journal.AppendAsync([new EntityAppend(account, 0, epoch, !state.Working.IsEmpty, records)], default));
            at += TimeSpan.FromMinutes(10);
        }
    }

    private static AccountCommand.StartPlan Exit(string account, string id) => new(
        id,
        [new PlanLineRequest(
            new PositionKey("NFO", Option.Token, "NRML"), new ExitAmount.Units(75), new PriceSeen(11000, TenInIndia, "test"), new Protection(1000, 500))],
        PlanOptions.Plain,
        account);
}
