import Foundation
import Synchronization
import TestSupport

/// A server of one thread a connection on plain blocking sockets, which shares nothing with libcurl or the code under test.
final class SmallServer: Sendable {
    struct Request: Sendable {
        var method: String
        /// As it was sent.
        var target: String
        /// Names in lowercase.
        var headers: [String: String]
        var body: [UInt8]

        /// Without the query, decoded.
        var path: String { Self.decoded(String(self.target.prefix { $0 != "?" })) }

        var query: [String: String] {
            var query: [String: String] = [:]
            for pair in self.target.drop(while: { $0 != "?" }).dropFirst().split(separator: "&") {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                query[Self.decoded(String(parts[0]))] = parts.count > 1 ? Self.decoded(String(parts[1])) : ""
            }
            return query
        }

        static func decoded(_ text: String) -> String { text.removingPercentEncoding ?? text }
    }

    struct Reply: Sendable {
        var status = 200
        var headers: [(String, String)] = []
        var body: [UInt8] = []
        /// Bytes of the body that are sent before the connection is closed; `nil` for all of them.
        var cut: Int?
        /// What `Content-Length` says, where that is something else than the body has.
        var length: Int64?

        static func xml(_ text: String, status: Int = 200) -> Reply {
            Reply(status: status, headers: [("Content-Type", "application/xml")], body: Array(text.utf8))
        }
    }

    private let descriptor: Int32
    let port: Int
    private let seen = Mutex<[Request]>([])
    private let isStopped = Mutex(false)

    /// Every request so far.
    var requests: [Request] { self.seen.withLock { $0 } }

    init(_ handle: @escaping @Sendable (Request) -> Reply) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw CocoaError(.fileWriteUnknown) }
        self.descriptor = descriptor
        self.port = Int(UInt16(bigEndian: address.sin_port))
        try SmallThread.start { [weak self] in
            while true {
                let client = accept(descriptor, nil, nil)
                guard client >= 0 else { return }
                guard let server = self else {
                    close(client)
                    return
                }
                try? SmallThread.start { server.serve(client, handle) }
            }
        }
    }

    deinit { self.stop() }

    func stop() {
        let mustStop = self.isStopped.withLock { isStopped in
            defer { isStopped = true }
            return !isStopped
        }
        guard mustStop else { return }
        shutdown(self.descriptor, Int32(SHUT_RDWR))
        close(self.descriptor)
    }

    private func serve(_ client: Int32, _ handle: (Request) -> Reply) {
        defer { close(client) }
        var held: [UInt8] = []
        while let request = Self.read(client, &held) {
            self.seen.withLock { $0.append(request) }
            let reply = handle(request)
            var head = "HTTP/1.1 \(reply.status) Said\r\n"
            for (name, value) in reply.headers { head += "\(name): \(value)\r\n" }
            let length = reply.length ?? Int64(reply.body.count)
            head += "Content-Length: \(length)\r\n\r\n"
            let body = request.method == "HEAD" ? [] : reply.body.prefix(reply.cut ?? reply.body.count)
            guard Self.send(client, Array(head.utf8) + body), reply.cut == nil else { return }
        }
    }

    private static func send(_ client: Int32, _ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Foundation.send(client, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    private static func read(_ client: Int32, _ held: inout [UInt8]) -> Request? {
        func more() -> Bool {
            var buffer = [UInt8](repeating: 0, count: 1 << 17)
            let count = recv(client, &buffer, buffer.count, 0)
            if count > 0 { held += buffer[..<count] }
            return count > 0
        }
        let mark = Data("\r\n\r\n".utf8)
        var end = Data(held).range(of: mark)
        while end == nil {
            guard more() else { return nil }
            end = Data(held).range(of: mark)
        }
        guard let end else { return nil }
        let lines = String(decoding: held[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        held.removeFirst(end.upperBound)
        let words = lines[0].split(separator: " ").map(String.init)
        guard words.count == 3 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        while held.count < length { guard more() else { return nil } }
        let body = Array(held.prefix(length))
        held.removeFirst(length)
        return Request(method: words[0], target: words[1], headers: headers, body: body)
    }
}
