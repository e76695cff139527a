import ContentViews
import Synchronization
import WorkerDomain

/// The bytes of an object, read from its store in steps as far as somebody looks; all of one version.
final class StoredSource: ByteSource {
    /// How much is read at once.
    static let step = 65_536
    /// Steps that are kept: a mebibyte.
    static let kept = 16

    private struct State {
        var object: StoredObject
        /// The steps that were used last, newest first.
        var parts: [(index: Int, bytes: [UInt8])] = []
        var problem: StorageError?
        var newer: StoredObject?
    }

    private let store: any ObjectStore
    private let state: Mutex<State>

    /// - Parameters:
    ///   - store: Where it is read from.
    ///   - start: The first step, and the version that is read.
    init(_ store: any ObjectStore, start: ObjectPart) {
        self.store = store
        let bytes = start.object.bytes > 0 ? Array(start.bytes.prefix(Self.step)) : []
        self.state = Mutex(State(object: start.object, parts: [(0, bytes)]))
    }

    var size: Int? { Int(exactly: self.state.withLock { $0.object.bytes }) }

    /// Why it could not be read.
    var problem: StorageError? { self.state.withLock { $0.problem } }
    /// What is stored in its place by now: nothing of it may stand beside what was read before.
    var newer: StoredObject? { self.state.withLock { $0.newer } }

    func read(at offset: Int, count: Int) async throws(ContentError) -> [UInt8] {
        guard offset >= 0, count > 0, offset < self.size ?? 0 else { return [] }
        let part = try await self.part(offset / Self.step)
        let start = offset % Self.step
        guard start < part.count else { return [] }
        return Array(part[start..<min(part.count, start + count)])
    }

    private func part(_ index: Int) async throws(ContentError) -> [UInt8] {
        let known: [UInt8]? = self.state.withLock { state in
            guard let place = state.parts.firstIndex(where: { $0.index == index }) else { return nil }
            let part = state.parts.remove(at: place)
            state.parts.insert(part, at: 0)
            return part.bytes
        }
        if let known { return known }
        if Task.isCancelled { throw ContentError(.cancelled) }
        let object = self.state.withLock { $0.object }
        let part: ObjectPart
        do throws(StorageError) {
            part = try await self.store.read(
                object.key, offset: Int64(index) * Int64(Self.step), length: Self.step)
        } catch {
            self.state.withLock { $0.problem = error }
            throw ContentError(.unreadable(error.reason))
        }
        guard part.object == object else {
            self.state.withLock { $0.newer = part.object }
            throw ContentError(.unreadable("it was written anew"))
        }
        // A store that responds with more than was asked for does not fill the memory.
        let bytes = Array(part.bytes.prefix(Self.step))
        self.state.withLock { state in
            state.problem = nil
            state.parts.insert((index, bytes), at: 0)
            if state.parts.count > Self.kept { state.parts.removeLast() }
        }
        return bytes
    }
}
