using System;
using System.Net;
using System.Net.Sockets;

namespace WhopLicense.Tests
{
    /// <summary>A port that refuses connections, and that nobody else is given: bound, but not listening.</summary>
    internal sealed class ClosedPort : IDisposable
    {
        private readonly Socket socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        internal ClosedPort() => socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        internal int Number => ((IPEndPoint)socket.LocalEndPoint!).Port;

        /// <summary>The URL of a relay that is away.</summary>
        internal string Url => "http://127.0.0.1:" + Number;

        public void Dispose() => socket.Dispose();
    }
}
