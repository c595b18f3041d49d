using Backup.Account.Domain;
using Backup.Actor.Kernel.Regions;

namespace Backup.Cluster.Node.Accounts;

/// <summary>The accounts of this node, under a name that fits on a line.</summary>
public sealed record AccountRegion(EntityRegion<AccountState, AccountCommand, AccountEvent, AccountReply, AccountEffect> Region);
