using System;

namespace WhopLicense
{
    /// <summary>The native library cannot be used. The message says which file, and what to do.</summary>
    public sealed class WhopLibraryException : DllNotFoundException
    {
        internal WhopLibraryException(
            WhopLibraryFault fault, string? path, string message, Exception? inner = null)
            : base(message, inner)
        {
            Fault = fault;
            LibraryPath = path;
        }

        /// <summary>What is wrong with it.</summary>
        public WhopLibraryFault Fault { get; }

        /// <summary>The file; where it is missing, the place for it. Null if the system found one elsewhere.</summary>
        public string? LibraryPath { get; }
    }
}
