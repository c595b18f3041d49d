using System.CommandLine;
using Backup.Operator.Cli;

var shared = new SharedOptions();
var root = new RootCommand("pbm: the operator's and the auditor's terminal of the backup trading system.")
{
    ClusterCommands.Cluster(shared),
    ShardingCommands.ClusterSharding(shared),
    ClusterCommands.Account(shared),
    LoginCommands.Client(shared),
    LoginCommands.TokenKey(shared),
    NoticeCommands.Notice(shared),
    StaffCommands.Staff(shared),
    TapCommands.Tap(shared),
    PriceCommands.Prices(shared),
    JournalCommands.Journal(shared),
    DataCommands.Data(shared),
};
shared.AddTo(root);
return await root.Parse(args).InvokeAsync();
