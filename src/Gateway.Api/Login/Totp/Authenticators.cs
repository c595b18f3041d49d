using System.Security.Cryptography;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Sessions;
using Microsoft.Extensions.Logging;

namespace Backup.Gateway.Api.Login.Totp;

/// <summary>The clients' authenticator apps: their secrets are opened here only, for as long as it takes to look at a code.</summary>
internal sealed class Authenticators(IAuthenticatorStore store, SecretSeal seal, AuthenticatorNews news, TimeProvider clock, ILogger<Authenticators> log)
{
    /// <summary>What codes are held against where there is no secret, so that this takes as long.</summary>
    private static readonly byte[] Nobodys = new byte[TotpCode.SecretLength];

    /// <summary>The client's authenticator, if it is confirmed.</summary>
    /// <exception cref="JournalException">Nobody knows.</exception>
    internal async Task<Authenticator?> FindAsync(string clientId, CancellationToken stop) =>
        await store.FindAsync(clientId, stop) is { IsConfirmed: true } confirmed ? confirmed : null;

    /// <returns>The secret to be shown once; null when there is a confirmed authenticator, which stays.</returns>
    /// <exception cref="JournalException">Nobody knows whether it was stored.</exception>
    internal async Task<byte[]?> BeginAsync(string clientId, CancellationToken stop)
    {
        var secret = RandomNumberGenerator.GetBytes(TotpCode.SecretLength);
        return await store.BeginAsync(clientId, seal.Seal(clientId, secret), clock.GetUtcNow(), stop) ? secret : null;
    }

    /// <returns>False when the code is wrong, or there is nothing to confirm.</returns>
    /// <exception cref="JournalException">Nobody knows whether it was confirmed.</exception>
    internal async Task<bool> ConfirmAsync(string clientId, string code, bool isSecondFactor, CancellationToken stop)
    {
        var begun = await store.FindAsync(clientId, stop);
        if (begun is not { IsConfirmed: false } || StepOf(begun, code) is not { } step || !await store.ConfirmAsync(clientId, begun.Secret, isSecondFactor, step, stop))
        {
            return false;
        }

        log.AuthenticatorAdded(clientId, isSecondFactor);
        news.Tell(clientId, "An authenticator app was added to your login for backup trading");
        return true;
    }

    /// <summary>Whether the code is right; it is not used by this.</summary>
    internal bool IsRight(Authenticator? confirmed, string code) => StepOf(confirmed, code) is not null;

    /// <summary>Takes the code, once.</summary>
    /// <exception cref="JournalException">Nobody knows whether it was taken.</exception>
    internal async Task<bool> UseAsync(Authenticator? confirmed, string code, CancellationToken stop) =>
        StepOf(confirmed, code) is { } step && await store.UseAsync(confirmed!.Subject, step, stop);

    /// <exception cref="JournalException">Nobody knows whether it was removed.</exception>
    internal async Task<bool> RemoveAsync(string clientId, CancellationToken stop)
    {
        if (!await store.RemoveAsync(clientId, stop))
        {
            return false;
        }

        log.AuthenticatorRemoved(clientId);
        news.Tell(clientId, "The authenticator app was removed from your login for backup trading");
        return true;
    }

    private long? StepOf(Authenticator? authenticator, string code)
    {
        try
        {
            var secret = authenticator is null ? Nobodys : seal.Open(authenticator.Subject, authenticator.Secret.Span);
            var step = TotpCode.FindStep(secret, code, clock.GetUtcNow());
            return authenticator is null ? null : step;
        }
        catch (CryptographicException)
        {
            log.LogError("The authenticator of {ClientId} cannot be read with the key of this node: the nodes need the same gateway.totp-key-file.", authenticator!.Subject);
            return null;
        }
    }
}
