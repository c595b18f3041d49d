namespace Backup.Actor.Kernel.Cluster;

/// <summary>The whole contract in memory, for tests and simulations.</summary>
public sealed class MemoryMembershipStore(TimeProvider clock) : IMembershipStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Row> _rows = new(StringComparer.Ordinal);

    /// <param name="Member">Its <see cref="Member.ExpiresIn"/> is that of the last beat.</param>
    /// <param name="HasSession">Null: it never had one.</param>
    private sealed record Row(Member Member, string Instance, DateTimeOffset ExpiresAt, bool? HasSession)
    {
        public Member At(DateTimeOffset now) => Member with { ExpiresIn = ExpiresAt > now ? ExpiresAt - now : TimeSpan.Zero };
    }

    public ValueTask<JoinAnswer> JoinAsync(JoinRequest request, TimeSpan timeToLive)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            var row = _rows.GetValueOrDefault(request.Name);
            var before = row?.At(now);
            if (before is { IsLive: true } && row!.Instance != request.Instance)
            {
                return ValueTask.FromResult<JoinAnswer>(JoinAnswer.Refused.Lives(before));
            }

            var member = before is { IsLive: true }
                ? before with { Address = request.Address, Roles = request.Roles }
                : new Member(new NodeId(request.Name, (before?.Id.Incarnation ?? 0) + 1), request.Address, request.Roles, now, timeToLive, []);
            _rows[request.Name] = new Row(member, request.Instance, now + timeToLive, before is { IsLive: true } ? row!.HasSession : null);
            return ValueTask.FromResult<JoinAnswer>(new JoinAnswer.Joined(member.Id));
        }
    }

    public ValueTask<BeatAnswer> BeatAsync(NodeId self, IReadOnlyCollection<string> reaches, TimeSpan timeToLive)
    {
        lock (_gate)
        {
            if (WhyEnded(self) is { } reason)
            {
                return ValueTask.FromResult<BeatAnswer>(new BeatAnswer.DeclaredDead(reason));
            }

            var row = _rows[self.Name];
            _rows[self.Name] = row with { Member = row.Member with { Reaches = [.. reaches] }, ExpiresAt = clock.GetUtcNow() + timeToLive };
            return ValueTask.FromResult<BeatAnswer>(new BeatAnswer.StillMember());
        }
    }

    public ValueTask<EndAnswer> LeaveAsync(NodeId self) => ValueTask.FromResult(End([self], [], MemberStatus.Left, ""));

    public ValueTask<EndAnswer> DownAsync(IReadOnlyCollection<NodeId> losers, IReadOnlyCollection<NodeId> survivors, string reason) =>
        ValueTask.FromResult(End(losers, survivors, MemberStatus.Down, reason));

    public ValueTask<IReadOnlyList<Member>> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            return ValueTask.FromResult<IReadOnlyList<Member>>([.. _rows.Values.Select(row => row.At(now))]);
        }
    }

    public ValueTask<bool> HoldSessionAsync(NodeId self)
    {
        lock (_gate)
        {
            var isMember = WhyEnded(self) is null;
            if (isMember)
            {
                _rows[self.Name] = _rows[self.Name] with { HasSession = true };
            }

            return ValueTask.FromResult(isMember);
        }
    }

    public ValueTask<bool> IsGoneAsync(NodeId id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var row = _rows.GetValueOrDefault(id.Name);
            return ValueTask.FromResult(row is not null && row.Member.Id.Incarnation >= id.Incarnation && (WhyEnded(id) is not null || row.HasSession == false));
        }
    }

    /// <summary>What the operating system does for a process that is killed: closes its session.</summary>
    public void EndSession(NodeId id)
    {
        lock (_gate)
        {
            if (_rows.TryGetValue(id.Name, out var row) && row.Member.Id == id && row.HasSession == true)
            {
                _rows[id.Name] = row with { HasSession = false };
            }
        }
    }

    private string? WhyEnded(NodeId id) => _rows.TryGetValue(id.Name, out var row) ? row.At(clock.GetUtcNow()).WhyEnded(id) : $"{id} never joined";

    private EndAnswer End(IReadOnlyCollection<NodeId> losers, IReadOnlyCollection<NodeId> survivors, MemberStatus status, string reason)
    {
        lock (_gate)
        {
            var missing = survivors.Where(survivor => WhyEnded(survivor) is not null).OrderBy(survivor => survivor.Name, StringComparer.Ordinal).ToList();
            if (missing.Count > 0)
            {
                return new EndAnswer.Refused($"{string.Join(", ", missing)} should survive and is no live member any more");
            }

            var ended = losers.Where(loser => _rows.TryGetValue(loser.Name, out var row) && row.Member.Id == loser && row.Member.Status == MemberStatus.Up)
                .Distinct().OrderBy(loser => loser.Name, StringComparer.Ordinal).ToList();
            var now = clock.GetUtcNow();
            foreach (var loser in ended)
            {
                var row = _rows[loser.Name];
                _rows[loser.Name] = row with { Member = row.Member with { Status = status, Reason = reason }, ExpiresAt = row.ExpiresAt < now ? row.ExpiresAt : now };
            }

            return new EndAnswer.Ended([.. ended]);
        }
    }
}
