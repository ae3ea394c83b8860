using System;
using System.Threading;
using System.Threading.Tasks;

namespace WhopLicense
{
    /// <summary>Runs blocking calls off the calling thread.</summary>
    internal static class Background
    {
        /// <summary>
        /// Runs <paramref name="call"/> on a thread of its own, since one that waits for the network would starve the
        /// thread pool of a game. A native call cannot be interrupted: cancelled, it is left to end by itself.
        /// </summary>
        internal static async Task<T> Run<T>(Func<T> call, CancellationToken cancellation)
        {
            cancellation.ThrowIfCancellationRequested();
            Task<T> work = Task.Factory.StartNew(
                call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            var cancelled = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            using (cancellation.Register(() => cancelled.TrySetResult(true)))
            {
                if (await Task.WhenAny(work, cancelled.Task).ConfigureAwait(false) == work)
                {
                    return await work.ConfigureAwait(false);
                }
            }
            // Nobody waits for it any more; its exception must not surface as an unobserved one.
            _ = work.ContinueWith(
                left => left.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            throw new OperationCanceledException(cancellation);
        }
    }
}
