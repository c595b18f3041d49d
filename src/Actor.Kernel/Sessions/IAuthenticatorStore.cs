using Backup.Actor.Kernel.Journal;

namespace Backup.Actor.Kernel.Sessions;

/// <summary>An app that makes a subject's codes.</summary>
/// <param name="Secret">Sealed: the store cannot read it.</param>
/// <param name="IsConfirmed">The subject has shown a code of it. Before that it opens nothing.</param>
/// <param name="IsSecondFactor">A login needs it beside the code that is sent, and not instead of it.</param>
/// <param name="LastStep">The step of the last code that was taken.</param>
public sealed record Authenticator(string Subject, ReadOnlyMemory<byte> Secret, DateTimeOffset Since, bool IsConfirmed, bool IsSecondFactor, long LastStep);

/// <summary>The subjects' authenticators, where every node sees them: at most one each.</summary>
/// <remarks>Safe for threads. Implementations pass the suite in <c>tests/Journal.Conformance</c>.</remarks>
public interface IAuthenticatorStore
{
    /// <exception cref="JournalException">It could not be read.</exception>
    ValueTask<Authenticator?> FindAsync(string subject, CancellationToken cancellationToken);

    /// <summary>Keeps a new one that is to be confirmed, instead of one that never was.</summary>
    /// <returns>False when there is a confirmed one, which stays.</returns>
    /// <exception cref="JournalException">Nobody knows whether it was stored; storing it again is harmless.</exception>
    ValueTask<bool> BeginAsync(string subject, ReadOnlyMemory<byte> secret, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>Confirms the one that has this secret, by a code of this step.</summary>
    /// <returns>False when it is another one, or is confirmed already.</returns>
    /// <exception cref="JournalException">Nobody knows whether it was done.</exception>
    ValueTask<bool> ConfirmAsync(string subject, ReadOnlyMemory<byte> secret, bool isSecondFactor, long step, CancellationToken cancellationToken);

    /// <summary>Takes a confirmed one's code of this step: once, and none of an earlier step afterwards.</summary>
    /// <returns>False when a code of this step or a later one was taken already, or there is no confirmed one.</returns>
    /// <exception cref="JournalException">Nobody knows whether it was taken; the code is to be taken for used.</exception>
    ValueTask<bool> UseAsync(string subject, long step, CancellationToken cancellationToken);

    /// <returns>False when there was none.</returns>
    /// <exception cref="JournalException">Nobody knows whether it was done; doing it again is harmless.</exception>
    ValueTask<bool> RemoveAsync(string subject, CancellationToken cancellationToken);
}
