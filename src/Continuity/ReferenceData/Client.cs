namespace Backup.Continuity.ReferenceData;

public enum ClientStatus
{
    Active,
    Inactive,
    Blocked,
}

/// <summary>One client of the broker as the back office knows him; enough to log him in and to reach him.</summary>
public sealed record Client(
    string Id, string Name, string Pan, string Mobile, string Email, IReadOnlyList<string> Segments, ClientStatus Status)
{
    /// <summary>A record's own printing would put a person's name and number into logs.</summary>
    public override string ToString() => $"Client {Id} ({Status})";
}

/// <summary>What a client held when the day began.</summary>
/// <param name="ClientId">Whose it is.</param>
/// <param name="Instrument">What is held.</param>
/// <param name="Product">NRML, MIS or CNC.</param>
/// <param name="Quantity">Units; below 0 is short.</param>
/// <param name="AveragePricePaise">
/// For futures and options from the clearing file the settlement price, or the previous close where that is absent.
/// </param>
public sealed record CarriedPosition(string ClientId, Instrument Instrument, string Product, long Quantity, long AveragePricePaise);
