/* file_clean.h - takes out of pictures and videos where they were made.
 *
 * Phones write the place, the time and the device into every photo. These small,
 * strict readers keep the parts of a file that are known to be needed to see it,
 * and leave out all others, thumbnails, comments and whatever stands behind the
 * end included. How a photo is to be turned is kept. What they cannot read
 * does not pass. All work in place and return the new length, 0: damaged. */
#ifndef MIRROR_FILE_CLEAN_H
#define MIRROR_FILE_CLEAN_H

#include <stddef.h>
#include <stdint.h>

size_t file_clean_jpeg(uint8_t *bytes, size_t length);
size_t file_clean_png(uint8_t *bytes, size_t length);
size_t file_clean_webp(uint8_t *bytes, size_t length);
size_t file_clean_gif(uint8_t *bytes, size_t length);
/* MP4 and QuickTime: nothing moves, what is told about the recording is blanked. */
size_t file_clean_mp4(uint8_t *bytes, size_t length);

#endif
