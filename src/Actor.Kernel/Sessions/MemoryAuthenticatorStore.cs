using Backup.Actor.Kernel.Journal;

namespace Backup.Actor.Kernel.Sessions;

/// <summary>The whole contract in memory, for tests.</summary>
public sealed class MemoryAuthenticatorStore() : MemoryStore("authenticators"), IAuthenticatorStore
{
    private readonly Dictionary<string, Authenticator> _all = new(StringComparer.Ordinal);

    public ValueTask<Authenticator?> FindAsync(string subject, CancellationToken cancellationToken) => Do(() => _all.GetValueOrDefault(subject));

    public ValueTask<bool> BeginAsync(string subject, ReadOnlyMemory<byte> secret, DateTimeOffset since, CancellationToken cancellationToken) => Do(() =>
    {
        if (_all.GetValueOrDefault(subject) is { IsConfirmed: true })
        {
            return false;
        }

        _all[subject] = new Authenticator(subject, secret.ToArray(), since, false, false, 0);
        return true;
    });

    public ValueTask<bool> ConfirmAsync(string subject, ReadOnlyMemory<byte> secret, bool isSecondFactor, long step, CancellationToken cancellationToken) => Do(() =>
    {
        if (_all.GetValueOrDefault(subject) is not { IsConfirmed: false } begun || !begun.Secret.Span.SequenceEqual(secret.Span))
        {
            return false;
        }

        _all[subject] = begun with { IsConfirmed = true, IsSecondFactor = isSecondFactor, LastStep = step };
        return true;
    });

    public ValueTask<bool> UseAsync(string subject, long step, CancellationToken cancellationToken) => Do(() =>
    {
        if (_all.GetValueOrDefault(subject) is not { IsConfirmed: true } confirmed || confirmed.LastStep >= step)
        {
            return false;
        }

        _all[subject] = confirmed with { LastStep = step };
        return true;
    });

    public ValueTask<bool> RemoveAsync(string subject, CancellationToken cancellationToken) => Do(() => _all.Remove(subject));
}
