using System.Threading.RateLimiting;
using Backup.Actor.Kernel.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Backup.Gateway.Api.Login.Staff;

/// <summary>
/// The passwords of the broker's people, by the framework's hasher (PBKDF2 with HMAC-SHA-512 and a salt each). A hash takes a processor for some tens of
/// milliseconds, which is its purpose, so one is made at a time: a storm of logins must not take the processors from those who are in.
/// </summary>
/// <remarks>Safe for threads. One for a node.</remarks>
public sealed class StaffPasswords : IDisposable
{
    /// <summary>NIST SP 800-63B for a password that is the only factor; no rule of which characters.</summary>
    public const int LengthMin = 15;

    public const int LengthMax = 256;
    private const int DifferentMin = 5;
    private const int WaitingMax = 20;

    /// <summary>As OWASP advises for HMAC-SHA-512; the framework's own number is less than half of it.</summary>
    private const int Iterations = 210_000;

    private readonly PasswordHasher<string> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));
    private readonly ConcurrencyLimiter _oneAtATime = new(new ConcurrencyLimiterOptions { PermitLimit = 1, QueueLimit = WaitingMax, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
    private readonly string _nobodys;

    public StaffPasswords() => _nobodys = Hash("what is held against a name that is nobody's");

    public void Dispose() => _oneAtATime.Dispose();

    /// <summary>Why this cannot be somebody's password; null when it can.</summary>
    public static string? WhyNot(string name, string? password) => password switch
    {
        null => "password: expected one.",
        _ when password.EnumerateRunes().Count() is < LengthMin or > LengthMax => $"password: expected {LengthMin} to {LengthMax} characters, of any kind.",
        _ when password.Contains(name, StringComparison.OrdinalIgnoreCase) => "password: the name must not be in it.",
        _ when password.EnumerateRunes().Distinct().Count() < DifferentMin => $"password: expected at least {DifferentMin} different characters.",
        _ => null,
    };

    public string Hash(string password) => _hasher.HashPassword("", password);

    /// <summary>For a name that is nobody's it takes as long, and is never right.</summary>
    /// <returns>Null: so many wait already that this one was not looked at.</returns>
    internal async Task<bool?> IsRightAsync(StaffMember? member, string password, CancellationToken stop)
    {
        using var turn = await _oneAtATime.AcquireAsync(1, stop);
        return turn.IsAcquired ? _hasher.VerifyHashedPassword("", member?.PasswordHash ?? _nobodys, password) != PasswordVerificationResult.Failed && member is not null : null;
    }
}
