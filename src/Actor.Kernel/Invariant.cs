namespace Backup.Actor.Kernel;

/// <summary>Checks that stay on in release: a broken promise stops the actor (or the process) instead of continuing wrong.</summary>
public static class Invariant
{
    public static void Holds(bool condition, string promise)
    {
        if (!condition)
        {
            throw new InvariantViolatedException(promise);
        }
    }
}

/// <summary>A promise of the program about itself did not hold. Nobody handles this; the actor that met it stops.</summary>
public sealed class InvariantViolatedException(string promise) : Exception($"Broken promise: {promise}.");
