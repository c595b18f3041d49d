using Backup.Actor.Kernel.Leases;

namespace Backup.Cluster.Simulation.Database;

/// <summary>Leases as one node asks for them, with the promises of PostgresLeaseStore. Renewals go beside acquisitions.</summary>
internal sealed class SimLeaseStore(DatabaseLink link) : ILeaseStore
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(3);
    private readonly Dictionary<LeaseKey, long> _highest = [];

    public ValueTask<IReadOnlyList<LeaseAnswer>> AcquireAsync(string owner, IReadOnlyList<LeaseWish> wishes, TimeSpan timeToLive) => AnswerAsync(
        "acquire",
        wishes,
        wish => wish.Key,
        (rows, wish) => Acquire(rows, owner, wish, timeToLive),
        answer => answer is LeaseAnswer.Held held ? Believe(held.Lease) : answer);

    public ValueTask<IReadOnlyList<LeaseAnswer>> RenewAsync(IReadOnlyList<Lease> leases, TimeSpan timeToLive) => AnswerAsync(
        "renew", leases, lease => lease.Key, (rows, lease) => Change(rows, lease, row => row with { ExpiresAt = link.Database.Now + timeToLive }, new LeaseAnswer.Held(lease)));

    public ValueTask<IReadOnlyList<LeaseAnswer>> ReleaseAsync(IReadOnlyList<Lease> leases) => AnswerAsync(
        "release", leases, lease => lease.Key, (rows, lease) => Change(rows, lease, row => row with { Owner = "", ExpiresAt = link.Database.Now }, new LeaseAnswer.Lost("", lease.Epoch)));

    public async ValueTask<IReadOnlyList<LeaseState>> ReadAsync(CancellationToken cancellationToken) => await link.ReadAsync<List<LeaseState>>(new Statement("leases", [], rows => Work.Read(
        rows.All<LeaseRow>(Table.Shard).Concat(rows.All<LeaseRow>(Table.Singleton))
            .Select(row => new LeaseState(row.Key, row.Owner, row.Epoch, Left(row))).ToList())));

    private TimeSpan Left(LeaseRow row) => row.ExpiresAt > link.Database.Now ? row.ExpiresAt - link.Database.Now : TimeSpan.Zero;

    /// <summary>One statement over all rows, which are locked in the order of their keys.</summary>
    private async ValueTask<IReadOnlyList<LeaseAnswer>> AnswerAsync<T>(
        string name, IReadOnlyList<T> asked, Func<T, LeaseKey> keyOf, Func<Rows, T, (LeaseAnswer Answer, LeaseRow? Row)> answer, Func<LeaseAnswer, LeaseAnswer>? take = null)
    {
        var keys = asked.Select(one => RowKey.Of(keyOf(one))).Distinct().OrderBy(key => key.Table).ThenBy(key => key.Key, StringComparer.Ordinal);
        var statement = new Statement(name, [.. keys.Select(key => new RowLock(key, IsShared: false))], rows =>
        {
            var answers = asked.Select(one => answer(rows, one)).ToArray();
            return Work.Write(
                answers.Select(each => each.Answer).ToArray(),
                answers.Where(each => each.Row is not null).OrderBy(each => each.Row!.Key.ToString(), StringComparer.Ordinal).Select(each => (RowKey.Of(each.Row!.Key), (object)each.Row!)));
        });
        try
        {
            var answers = await link.AskAsync<LeaseAnswer[]>(statement).WaitAsync(RequestLimit, link.Node.Clock);
            return take is null ? answers : [.. answers.Select(take)];
        }
        catch (Exception failure) when (failure is DatabaseGoneException or TimeoutException)
        {
            return [.. asked.Select(_ => new LeaseAnswer.CouldNotTell(failure.Message))];
        }
    }

    private (LeaseAnswer Answer, LeaseRow? Row) Acquire(Rows rows, string owner, LeaseWish wish, TimeSpan timeToLive)
    {
        var row = rows.Find<LeaseRow>(RowKey.Of(wish.Key));
        if (row is { Owner.Length: > 0 } && row.Owner != owner && Left(row) > TimeSpan.Zero && row.Epoch != wish.TakeOverEpoch)
        {
            return (new LeaseAnswer.HeldByAnother(row.Owner, row.Epoch, Left(row)), null);
        }

        var epoch = row is not null && link.Database.Flaws.EpochStands ? row.Epoch : (row?.Epoch ?? 0) + 1;
        return (new LeaseAnswer.Held(new Lease(wish.Key, owner, epoch)), new LeaseRow(wish.Key, owner, epoch, link.Database.Now + timeToLive));
    }

    private (LeaseAnswer Answer, LeaseRow? Row) Change(Rows rows, Lease lease, Func<LeaseRow, LeaseRow> change, LeaseAnswer done)
    {
        var row = rows.Find<LeaseRow>(RowKey.Of(lease.Key));
        var isHolder = row is not null && row.Owner == lease.Owner && row.Epoch == lease.Epoch;
        if (isHolder)
        {
            return (done, change(row!));
        }

        // The flaw: who was fenced goes on believing that he holds it.
        return link.Database.Flaws.RenewsAnybody && done is LeaseAnswer.Held ? (done, null) : (new LeaseAnswer.Lost(row?.Owner ?? "", row?.Epoch ?? 0), null);
    }

    /// <summary>A database in which an epoch has shrunk has lost commits.</summary>
    private LeaseAnswer Believe(Lease lease)
    {
        var highest = _highest.GetValueOrDefault(lease.Key);
        if (lease.Epoch <= highest && !link.Database.Flaws.EpochStands)
        {
            return new LeaseAnswer.CouldNotTell($"{lease.Key} was given under epoch {lease.Epoch} after epoch {highest}");
        }

        _highest[lease.Key] = lease.Epoch;
        return new LeaseAnswer.Held(lease);
    }
}
