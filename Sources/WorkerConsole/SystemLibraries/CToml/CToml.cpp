#include "CToml.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>
#include <vector>

// With NDEBUG toml++ hands its assertions to the optimizer as facts, and without it they end the program. Some of them
// do not hold for every text (`[!]`), and the code behind them reports the error, so they are left out altogether.
#undef NDEBUG
#define TOML_ASSERT(expression) static_cast<void>(0)
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

struct ctoml_document {
    toml::table root;
    std::vector<ctoml_event> events;
    bool is_wrong = false;
    ctoml_place place = {0, 0};
    // toml++ cuts its messages at 512 bytes.
    char message[640] = {};
};

namespace {

ctoml_place place_of(const toml::source_position &position) { return {position.line, position.column}; }

ctoml_event event_of(const toml::node &node, ctoml_kind kind, const toml::key *key) {
    ctoml_event event = {};
    event.kind = kind;
    if (key != nullptr) {
        event.key = key->str().data();
        event.key_length = key->str().size();
        event.key_place = place_of(key->source().begin);
    }
    event.begin = place_of(node.source().begin);
    event.end = place_of(node.source().end);
    return event;
}

void append(std::vector<ctoml_event> &events, const toml::node &node, const toml::key *key) {
    switch (node.type()) {
    case toml::node_type::table: {
        const toml::table &table = *node.as_table();
        ctoml_event event = event_of(node, CTOML_TABLE_BEGIN, key);
        event.is_inline = table.is_inline();
        events.push_back(event);
        // toml++ sorts by name.
        std::vector<std::pair<const toml::key *, const toml::node *>> members;
        members.reserve(table.size());
        for (auto &&[name, value] : table) members.emplace_back(&name, &value);
        std::sort(members.begin(), members.end(), [](const auto &left, const auto &right) {
            return left.first->source().begin < right.first->source().begin;
        });
        for (const auto &member : members) append(events, *member.second, member.first);
        events.push_back(event_of(node, CTOML_TABLE_END, nullptr));
        break;
    }
    case toml::node_type::array:
        events.push_back(event_of(node, CTOML_ARRAY_BEGIN, key));
        for (auto &&element : *node.as_array()) append(events, element, nullptr);
        events.push_back(event_of(node, CTOML_ARRAY_END, nullptr));
        break;
    case toml::node_type::string: {
        ctoml_event event = event_of(node, CTOML_STRING, key);
        event.text = node.as_string()->get().data();
        event.text_length = node.as_string()->get().size();
        events.push_back(event);
        break;
    }
    case toml::node_type::integer: {
        ctoml_event event = event_of(node, CTOML_INTEGER, key);
        event.integer = node.as_integer()->get();
        events.push_back(event);
        break;
    }
    case toml::node_type::floating_point: {
        ctoml_event event = event_of(node, CTOML_FLOAT, key);
        event.real = node.as_floating_point()->get();
        events.push_back(event);
        break;
    }
    case toml::node_type::boolean: {
        ctoml_event event = event_of(node, CTOML_BOOLEAN, key);
        event.boolean = node.as_boolean()->get();
        events.push_back(event);
        break;
    }
    default:
        events.push_back(event_of(node, CTOML_DATE, key));
        break;
    }
}

void fail(ctoml_document &document, std::string_view message, ctoml_place place) {
    document.is_wrong = true;
    document.place = place;
    const size_t length = std::min(message.size(), sizeof(document.message) - 1);
    std::memcpy(document.message, message.data(), length);
    document.message[length] = '\0';
}

} // namespace

ctoml_document *ctoml_parse(const char *bytes, size_t length) {
    auto *document = new (std::nothrow) ctoml_document;
    if (document == nullptr) return nullptr;
    try {
        document->root = toml::parse(std::string_view(bytes, length));
        append(document->events, document->root, nullptr);
    } catch (const toml::parse_error &error) {
        fail(*document, error.description(), place_of(error.source().begin));
    } catch (const std::exception &error) {
        fail(*document, error.what(), {0, 0});
    } catch (...) {
        fail(*document, "unknown error", {0, 0});
    }
    return document;
}

const ctoml_event *ctoml_events(const ctoml_document *document, size_t *count) {
    *count = document->is_wrong ? 0 : document->events.size();
    return document->is_wrong ? nullptr : document->events.data();
}

const char *ctoml_error(const ctoml_document *document, ctoml_place *place) {
    *place = document->place;
    return document->is_wrong ? document->message : nullptr;
}

void ctoml_free(ctoml_document *document) { delete document; }
