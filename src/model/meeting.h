// meeting.h: the folder in which processes that write one output meet; see shards.h. Every step
// holds when it is taken twice, by one process or by several, and when a process is killed between
// any two.
#ifndef OWI_MODEL_MEETING_H
#define OWI_MODEL_MEETING_H

#include "model/output.h"

typedef struct owi_meeting {
    const char *path;        // of the output, as it may be shown
    const char *folder_path; // of the output's folder, as the system calls want it
    const char *name;        // of the meeting's folder in it
    const char *text;        // what is being made
    int folder, fd;          // both folders; -1: not open
} owi_meeting;

// Names everything; takes no resource but memory of the arena.
owi_status owi_meeting_prepare(owi_meeting *meeting, owi_arena *arena, const char *path,
                               const char *text, owi_error *error);

// Begins or joins the meeting. OWI_USAGE when another job is under way.
owi_status owi_meeting_open(owi_meeting *meeting, owi_error *error);

// Opens a part for writing at any place. To be closed with owi_output_close.
owi_status owi_meeting_open_part(const owi_meeting *meeting, size_t part, owi_output *output,
                                 owi_error *error);

// Whether a shard has all its bytes on the disk.
bool owi_meeting_is_done(const owi_meeting *meeting, unsigned shard);

// Notes that it has; the parts must be flushed.
owi_status owi_meeting_mark_done(const owi_meeting *meeting, unsigned shard, owi_error *error);

// Puts a part in its place, unless another process has.
owi_status owi_meeting_place(const owi_meeting *meeting, size_t part, const char *name,
                             bool replace, owi_error *error);

// Removes the folder and what is in it, as far as it is still there.
void owi_meeting_remove(const owi_meeting *meeting);

void owi_meeting_close(owi_meeting *meeting);

// The rest of the line of the job under way for an output that begins with `key`; NULL when there
// is no such job or line.
const char *owi_meeting_read_line(owi_arena *arena, const char *path, const char *key);

#endif
