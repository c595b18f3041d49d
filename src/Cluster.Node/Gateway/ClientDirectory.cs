using System.Collections.Frozen;
using Backup.Continuity.ReferenceData;
using Backup.Gateway.Api;

namespace Backup.Cluster.Node.Gateway;

/// <summary>The dataset's clients as the trader's door knows them.</summary>
internal sealed class ClientDirectory(ReferenceDataset dataset) : IClientDirectory
{
    /// <summary>Of a person with several accounts none is meant by the PAN alone.</summary>
    private readonly FrozenDictionary<string, Client> _byPan = dataset.Clients
        .GroupBy(static client => client.Pan, StringComparer.Ordinal)
        .Where(static same => !same.Skip(1).Any())
        .ToFrozenDictionary(static same => same.Key, static same => same.Single(), StringComparer.Ordinal);

    public GatewayClient? Find(string clientId) => Show(dataset.FindClient(clientId));

    public GatewayClient? FindByPan(string pan) => Show(_byPan.GetValueOrDefault(pan));

    private static GatewayClient? Show(Client? client) =>
        client is null ? null : new GatewayClient(client.Id, client.Name, client.Mobile, client.Email, client.Status == ClientStatus.Active);
}
