/// Moves objects between buckets and files of the person at the console.
package protocol ObjectFiles: Sendable {
    /// Where a download of a key, or of all below a prefix, would usually go: a name that leads nowhere else.
    func suggestion(for key: String) -> String
    /// Saves objects as files; what was begun before is gone on with, and nothing is overwritten unasked.
    /// - Throws: `StorageError` when nothing could be begun; what fails for one object is in the outcome.
    func save(_ download: ObjectDownload, _ meter: TransferMeter) async throws(StorageError) -> TransferOutcome
    /// Stores a file, or all files of a folder.
    /// - Throws: `StorageError` — `.notFound` for a path that is not there.
    func upload(_ upload: FileUpload, _ meter: TransferMeter) async throws(StorageError) -> TransferOutcome
    /// Deletes objects; those of a store on this machine go into the trash first, where they fit.
    func remove(_ removal: ObjectDeletion, _ meter: TransferMeter) async throws(StorageError) -> TransferOutcome
    /// Stores objects of the trash again, with all that was stored with them.
    func restore(
        _ trashed: TrashedObjects, to store: any ObjectStore, _ writer: any ObjectWriter, _ meter: TransferMeter
    ) async throws(StorageError) -> TransferOutcome
    /// Reads through an object and holds it against its checksums.
    func verify(
        _ object: StoredObject, of store: any ObjectStore, _ meter: TransferMeter
    ) async throws(StorageError) -> TransferOutcome
    /// The MD5 of bytes in memory, in hexadecimal digits.
    func md5(_ bytes: [UInt8]) -> String
}

/// An object, or everything that begins alike.
package enum ObjectTarget: Sendable, Equatable {
    case object(StoredObject)
    case prefix(String)

    package var key: String {
        switch self {
        case .object(let object): object.key
        case .prefix(let prefix): prefix
        }
    }

    package static func == (left: ObjectTarget, right: ObjectTarget) -> Bool {
        switch (left, right) {
        case (.object(let left), .object(let right)): left == right
        case (.prefix(let left), .prefix(let right)): left.hasSameBytes(as: right)
        case (.object, _), (.prefix, _): false
        }
    }
}

/// What is to be saved, and where.
package struct ObjectDownload: Sendable {
    package let store: any ObjectStore
    /// The binding's name, for messages.
    package let binding: String
    package let targets: [ObjectTarget]
    /// As it was typed: a file for one object, else a folder, which is made where it is missing.
    package let path: String
    package let isOverwriting: Bool

    package init(
        store: any ObjectStore, binding: String, targets: [ObjectTarget], path: String, isOverwriting: Bool
    ) {
        self.store = store
        self.binding = binding
        self.targets = targets
        self.path = path
        self.isOverwriting = isOverwriting
    }
}

/// What is to be stored, and below which prefix.
package struct FileUpload: Sendable {
    package let store: any ObjectStore
    package let writer: any ObjectWriter
    package let binding: String
    /// As it was typed: a file or a folder.
    package let path: String
    package let prefix: String
    package let isOverwriting: Bool

    package init(
        store: any ObjectStore, writer: any ObjectWriter, binding: String, path: String, prefix: String,
        isOverwriting: Bool
    ) {
        self.store = store
        self.writer = writer
        self.binding = binding
        self.path = path
        self.prefix = prefix
        self.isOverwriting = isOverwriting
    }
}

/// Objects that are to be deleted, each as it was when a person agreed.
package struct ObjectDeletion: Sendable {
    package let store: any ObjectStore
    package let writer: any ObjectWriter
    package let binding: String
    package let objects: [StoredObject]
    /// Copies go into the trash first.
    package let usesTrash: Bool

    /// The most bytes that one deletion puts into the trash.
    package static let largestTrash: Int64 = 1 << 30

    package init(
        store: any ObjectStore, writer: any ObjectWriter, binding: String, objects: [StoredObject], usesTrash: Bool
    ) {
        self.store = store
        self.writer = writer
        self.binding = binding
        self.objects = objects
        self.usesTrash = usesTrash
    }
}

/// Objects in the trash, until the console ends.
package struct TrashedObjects: Sendable, Equatable {
    /// The folder of the trash that holds their bytes.
    package let folder: String
    package let objects: [StoredObject]
    /// The names of their files there, in the same order.
    package let files: [Int]

    /// - Parameters:
    ///   - folder: The folder of the trash that holds their bytes.
    ///   - objects: As they were.
    ///   - files: The names of their files; `nil` for 0, 1, 2 and so on.
    package init(folder: String, objects: [StoredObject], files: [Int]? = nil) {
        self.folder = folder
        self.objects = objects
        self.files = files ?? Array(objects.indices)
    }

    package static func == (left: TrashedObjects, right: TrashedObjects) -> Bool {
        left.folder.hasSameBytes(as: right.folder) && left.objects == right.objects && left.files == right.files
    }
}

/// A digest of an object as it is stored, beside that of its bytes.
package struct ChecksumVerdict: Sendable, Equatable {
    package let name: String
    /// `nil` when the store knows none.
    package let stored: String?
    package let computed: String

    package var isEqual: Bool { self.stored.map { $0.lowercased().hasSameBytes(as: self.computed) } ?? false }

    package init(name: String, stored: String?, computed: String) {
        self.name = name
        self.stored = stored
        self.computed = computed
    }

    package static func == (left: ChecksumVerdict, right: ChecksumVerdict) -> Bool {
        left.name.hasSameBytes(as: right.name) && left.stored.hasSameBytes(as: right.stored)
            && left.computed.hasSameBytes(as: right.computed)
    }
}

/// What has come of a transfer.
package struct TransferOutcome: Sendable, Equatable {
    package var objects = 0
    package var bytes: Int64 = 0
    /// Objects whose bytes were held against a checksum.
    package var verified = 0
    /// Objects that were gone on with.
    package var resumed = 0
    package var failed = 0
    /// The first of those that failed, and why.
    package private(set) var failures: [ObjectRefusal] = []
    /// What can be brought back.
    package var trashed: TrashedObjects?
    package var verdicts: [ChecksumVerdict] = []
    /// Where it was saved.
    package var place = ""

    package init() {}

    package mutating func fail(_ key: String, _ reason: String) {
        self.failed += 1
        if self.failures.count < 100 { self.failures.append(ObjectRefusal(key: key, reason: reason)) }
    }

    package static func == (left: TransferOutcome, right: TransferOutcome) -> Bool {
        left.objects == right.objects && left.bytes == right.bytes && left.verified == right.verified
            && left.resumed == right.resumed && left.failed == right.failed && left.failures == right.failures
            && left.trashed == right.trashed && left.verdicts == right.verdicts
            && left.place.hasSameBytes(as: right.place)
    }
}

/// A console that has no files: nothing can be transferred.
package struct NoObjectFiles: ObjectFiles {
    package init() {}

    private func refuse(_ operation: String) -> StorageError {
        StorageError(.invalid, operation: operation, reason: "this console has no files")
    }

    package func suggestion(for key: String) -> String { "" }

    package func save(_ download: ObjectDownload, _ meter: TransferMeter) async throws(StorageError) -> TransferOutcome
    {
        throw self.refuse("save")
    }

    package func upload(_ upload: FileUpload, _ meter: TransferMeter) async throws(StorageError) -> TransferOutcome {
        throw self.refuse("upload")
    }

    package func remove(_ removal: ObjectDeletion, _ meter: TransferMeter) async throws(StorageError) -> TransferOutcome
    {
        throw self.refuse("delete")
    }

    package func restore(
        _ trashed: TrashedObjects, to store: any ObjectStore, _ writer: any ObjectWriter, _ meter: TransferMeter
    ) async throws(StorageError) -> TransferOutcome {
        throw self.refuse("restore")
    }

    package func verify(
        _ object: StoredObject, of store: any ObjectStore, _ meter: TransferMeter
    ) async throws(StorageError) -> TransferOutcome {
        throw self.refuse("verify")
    }

    package func md5(_ bytes: [UInt8]) -> String { "" }
}
