import ConsoleUI
import WorkerDomain

/// The transfer that is running or has just ended: one at a time.
struct BucketsTransfer: Sendable {
    enum Kind: Sendable, Equatable { case save, upload, remove, restore, verify }

    enum Phase: Sendable, Equatable {
        case running
        case done(TransferOutcome)
        case failed(StorageError)
        case stopped
    }

    private(set) var kind = Kind.save
    /// `nil` while there is nothing to show.
    private(set) var phase: Phase?
    private(set) var progress = TransferProgress()
    /// The binding that it belongs to.
    private(set) var binding = ""
    fileprivate var pending = Pending("transfer")
    /// Waits for news of the transfer.
    fileprivate var watching = Pending("watch-transfer")

    var isRunning: Bool { self.phase == .running }

    mutating func note(_ progress: TransferProgress) { self.progress = progress }

    mutating func begin(_ kind: Kind, of binding: String) {
        self.kind = kind
        self.binding = binding
        self.phase = .running
        self.progress = TransferProgress()
    }

    mutating func end(_ phase: Phase?) { self.phase = phase }
}

/// What the screen does with transfers.
enum BucketsTransferring {
    typealias Transfer = @Sendable (Services, TransferMeter) async -> Result<TransferOutcome, StorageError>

    /// How often the screen looks how far a transfer is.
    private static let interval = Duration.milliseconds(150)

    /// Begins a transfer; while another one runs, says so.
    static func begin(
        _ kind: BucketsTransfer.Kind, of binding: String, in screen: inout BucketsScreen, _ world: World,
        then: @escaping @Sendable (inout BucketsScreen, TransferOutcome, World) -> [Effect] = { _, _, _ in [] },
        _ transfer: @escaping Transfer
    ) -> [Effect] {
        guard !screen.transfer.isRunning else {
            return [.toast(BucketsTransferPhrases.busy(world.language), isFailure: true)]
        }
        let meter = TransferMeter()
        screen.transfer.begin(kind, of: binding)
        let work = screen.start(\.transfer.pending) {
            await transfer($0, meter)
        } then: { screen, result, world in
            screen.transfer.note(meter.progress())
            let effects = screen.cancel(\.transfer.watching)
            switch result {
            case .success(let outcome):
                screen.transfer.end(.done(outcome))
                return effects + then(&screen, outcome, world)
            case .failure(let error):
                screen.transfer.end(.failed(error))
                return effects + (kind == .save || kind == .verify ? [] : BucketsBrowsing.reload(&screen))
            }
        }
        return [work] + self.watch(meter, &screen)
    }

    private static func watch(_ meter: TransferMeter, _ screen: inout BucketsScreen) -> [Effect] {
        [
            screen.start(\.transfer.watching) { _ in
                try? await Task.sleep(for: Self.interval)
                return meter.progress()
            } then: { screen, progress, _ in
                guard screen.transfer.isRunning else { return [] }
                screen.transfer.note(progress)
                return self.watch(meter, &screen)
            }
        ]
    }

    /// Stops what runs; what was saved of a file is gone on with the next time.
    static func stop(_ screen: inout BucketsScreen) -> [Effect] {
        guard screen.transfer.isRunning else {
            screen.transfer.end(nil)
            return []
        }
        screen.transfer.end(.stopped)
        let changes = screen.transfer.kind == .upload || screen.transfer.kind == .remove
        return screen.cancel(\.transfer.pending) + screen.cancel(\.transfer.watching)
            + (changes ? BucketsBrowsing.reload(&screen) : [])
    }

    // MARK: Saving

    static func save(_ prompt: BucketsPrompt, in screen: inout BucketsScreen, _ world: World) -> [Effect] {
        guard let resource = screen.resource(in: world), case .bucket(let store) = resource.reader else { return [] }
        let download = ObjectDownload(
            store: store, binding: resource.binding.name, targets: prompt.targets, path: prompt.text,
            isOverwriting: prompt.isOverwriting)
        return self.begin(.save, of: resource.binding.id, in: &screen, world) { services, meter in
            await Result { () async throws(StorageError) in try await services.files.save(download, meter) }
        }
    }

    static func upload(_ prompt: BucketsPrompt, in screen: inout BucketsScreen, _ world: World) -> [Effect] {
        guard let resource = screen.resource(in: world), case .bucket(let store) = resource.reader,
            let writer = screen.writer(in: world), let prefix = screen.listing?.prefix
        else { return [] }
        // A prefix that is listed in part of a name is no folder: files go to its level.
        let level = prefix.isEmpty || prefix.utf8.last == UInt8(ascii: "/") ? prefix : BucketsListing.parent(of: prefix)
        let upload = FileUpload(
            store: store, writer: writer, binding: resource.binding.name, path: prompt.text, prefix: level,
            isOverwriting: prompt.isOverwriting)
        return self.begin(
            .upload, of: resource.binding.id, in: &screen, world,
            then: { screen, _, _ in BucketsBrowsing.reload(&screen) }
        ) { services, meter in
            await Result { () async throws(StorageError) in try await services.files.upload(upload, meter) }
        }
    }

    // MARK: Deleting

    static func remove(_ objects: [StoredObject], in screen: inout BucketsScreen, _ world: World) -> [Effect] {
        guard let resource = screen.resource(in: world), case .bucket(let store) = resource.reader,
            let writer = screen.writer(in: world)
        else { return [] }
        let removal = ObjectDeletion(
            store: store, writer: writer, binding: resource.binding.name, objects: objects,
            usesTrash: resource.host == nil)
        let binding = resource.binding.id
        return self.begin(
            .remove, of: binding, in: &screen, world,
            then: { screen, outcome, _ in
                if screen.listing?.binding.hasSameBytes(as: binding) == true { screen.changeMarks { $0.clear() } }
                if let trashed = outcome.trashed { screen.trash.add(trashed, of: binding) }
                screen.sums.forget(binding)
                let searched = screen.find.isShown ? BucketsFinding.again(&screen) : []
                return searched + BucketsBrowsing.reload(&screen)
            }
        ) { services, meter in
            await Result { () async throws(StorageError) in try await services.files.remove(removal, meter) }
        }
    }

    /// Brings back what was deleted last.
    static func undo(in screen: inout BucketsScreen, _ world: World) -> [Effect] {
        guard let resource = screen.resource(in: world), case .bucket(let store) = resource.reader,
            let writer = screen.writer(in: world), let trashed = screen.trash.last(of: resource.binding.id)
        else { return [] }
        let binding = resource.binding.id
        return self.begin(
            .restore, of: binding, in: &screen, world,
            then: { screen, outcome, _ in
                if outcome.failed == 0 { screen.trash.remove(trashed, of: binding) }
                screen.sums.forget(binding)
                return BucketsBrowsing.reload(&screen)
            }
        ) { services, meter in
            await Result { () async throws(StorageError) in
                try await services.files.restore(trashed, to: store, writer, meter)
            }
        }
    }

    // MARK: Verifying

    static func verify(in screen: inout BucketsScreen, _ world: World) -> [Effect] {
        guard let resource = screen.resource(in: world), case .bucket(let store) = resource.reader,
            case .object(let object)? = screen.current
        else { return [] }
        return self.begin(
            .verify, of: resource.binding.id, in: &screen, world,
            then: { screen, outcome, _ in
                screen.verified.note(outcome.verdicts, of: object)
                return []
            }
        ) { services, meter in
            await Result { () async throws(StorageError) in
                try await services.files.verify(object, of: store, meter)
            }
        }
    }
}

/// What was deleted and can be brought back, newest last.
struct BucketsTrash: Sendable {
    private var entries: [(binding: String, objects: TrashedObjects)] = []

    func last(of binding: String) -> TrashedObjects? {
        self.entries.last { $0.binding.hasSameBytes(as: binding) }?.objects
    }

    mutating func add(_ objects: TrashedObjects, of binding: String) { self.entries.append((binding, objects)) }

    mutating func remove(_ objects: TrashedObjects, of binding: String) {
        self.entries.removeAll { $0.binding.hasSameBytes(as: binding) && $0.objects == objects }
    }
}

/// What came out when objects were held against their checksums.
struct BucketsVerified: Sendable {
    private var verdicts: [ByteString: (object: StoredObject, verdicts: [ChecksumVerdict])] = [:]
    /// The most objects that are remembered.
    private static let maximum = 1_000

    mutating func note(_ verdicts: [ChecksumVerdict], of object: StoredObject) {
        if self.verdicts.count >= Self.maximum { self.verdicts = [:] }
        self.verdicts[ByteString(object.key)] = (object, verdicts)
    }

    /// Of this version of the object; empty when it was not read through.
    func verdicts(of object: StoredObject) -> [ChecksumVerdict] {
        guard let known = self.verdicts[ByteString(object.key)], known.object.isSameVersion(as: object) else {
            return []
        }
        return known.verdicts
    }

    mutating func clear() { self.verdicts = [:] }
}
