using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Sessions;
using Backup.Gateway.Api.Login.Staff;

namespace Backup.Gateway.Api.Login;

/// <summary>Whoever may be logged in: a client, or one of the broker's own people.</summary>
/// <param name="Subject">Whom sessions and tokens are of.</param>
/// <param name="ClientId">Null: he has no account.</param>
internal sealed record Person(string Subject, string Role, string? ClientId, string Name)
{
    internal static Person Of(GatewayClient client) => new(client.Id, Roles.Trader, client.Id, client.Name);

    internal static Person Of(StaffMember member) => new(StaffDirectory.SubjectOf(member.Name), member.Role, null, member.Name);
}

/// <summary>Finds by its subject whose session it is.</summary>
internal sealed class People(IClientDirectory clients, IStaffStore staff)
{
    /// <returns>Null when there is nobody who may still log in.</returns>
    /// <exception cref="JournalException">Nobody knows.</exception>
    internal async ValueTask<Person?> FindAsync(string subject, CancellationToken stop) => StaffDirectory.NameIn(subject) is { } name
        ? await staff.FindAsync(name, stop) is { IsDisabled: false } member ? Person.Of(member) : null
        : clients.Find(subject) is { Active: true } client ? Person.Of(client) : null;
}
