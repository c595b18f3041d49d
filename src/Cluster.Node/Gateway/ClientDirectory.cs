using Backup.Continuity.ReferenceData;
using Backup.Gateway.Api;

namespace Backup.Cluster.Node.Gateway;

/// <summary>The dataset's clients as the trader's door knows them.</summary>
internal sealed class ClientDirectory(ReferenceDataset dataset) : IClientDirectory
{
    public GatewayClient? Find(string clientId) => dataset.FindClient(clientId) is { } client
        ? new GatewayClient(client.Id, client.Name, client.Mobile, client.Email, client.Status == ClientStatus.Active)
        : null;
}
