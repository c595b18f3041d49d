using Backup.Actor.Kernel.Journal;
using Backup.Gateway.Api.Kite;

namespace Backup.Cluster.Node.Management;

/// <summary>One answer for every operation of operators that meets a store which is away.</summary>
internal static class StoreAway
{
    internal static RouteGroupBuilder OrAway(this RouteGroupBuilder operations) => operations.MapGroup("").AddEndpointFilter(async (context, next) =>
    {
        try
        {
            return await next(context);
        }
        catch (JournalException away)
        {
            return Envelope.Refuse(StatusCodes.Status503ServiceUnavailable, "GeneralException", away.Message);
        }
    });
}
