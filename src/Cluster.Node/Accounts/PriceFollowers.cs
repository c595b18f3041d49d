using System.Collections.Concurrent;

namespace Backup.Cluster.Node.Accounts;

/// <summary>Accounts of this node with a plan whose orders follow the market.</summary>
public sealed class PriceFollowers
{
    private readonly ConcurrentDictionary<string, bool> _accounts = new(StringComparer.Ordinal);

    internal IEnumerable<string> Accounts => _accounts.Keys;

    internal void Add(string account) => _accounts[account] = true;

    internal void Remove(string account) => _accounts.TryRemove(account, out _);
}
