using Backup.Cluster.Simulation.Time;

namespace Backup.Cluster.Simulation.Faults;

/// <summary>Lets faults strike, two at a time, and takes them all back in the end.</summary>
internal sealed class Nemesis(Stage stage, Dice dice)
{
    private const int AtOnce = 2;
    private readonly List<Action> _struck = [];
    private bool _isOver;

    /// <summary>What struck, in order.</summary>
    internal List<string> Struck { get; } = [];

    /// <summary>The rate at which messages arrived says nothing about that at which they were sent.</summary>
    internal bool BunchesMessages { get; private set; }

    internal bool EndsLeasesEarly { get; private set; }

    internal void Begin()
    {
        for (var lane = 0; lane < AtOnce; lane++)
        {
            var own = dice.Fork();
            stage.Place.Scheduler.World.Start(() => RunAsync(own));
        }
    }

    internal void Heal()
    {
        _isOver = true;
        foreach (var heal in _struck.ToArray())
        {
            heal();
        }

        _struck.Clear();
    }

    private async Task RunAsync(Dice own)
    {
        var clock = stage.Place.Scheduler.World.Clock;
        await Task.Delay(own.Between(1000, 4000), clock);
        while (!_isOver)
        {
            var fault = own.Pick(Fault.All);
            stage.Place.Note($"fault: {fault.Name}");
            Struck.Add(fault.Name);
            BunchesMessages |= fault.BunchesMessages;
            EndsLeasesEarly |= fault.EndsLeasesEarly;
            var heal = fault.Strike(stage, own);
            _struck.Add(heal);
            await Task.Delay(own.Between(fault.Least, fault.Most), clock);
            if (_struck.Remove(heal))
            {
                stage.Place.Note($"healed: {fault.Name}");
                heal();
            }

            await Task.Delay(own.Between(100, 2500), clock);
        }
    }
}
